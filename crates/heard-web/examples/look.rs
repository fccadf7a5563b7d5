use heard_web::chart;
#[path = "../tests/it/gallery.rs"] mod gallery;
#[path = "../tests/it/sample.rs"] mod sample;
fn main() {
    let plain: Vec<String> = ["Sigur Rós","Low","Radiohead","Boards of Canada","宇多田ヒカル","Godspeed You! Black Emperor","فيروز","Кино","My Bloody Valentine","Stereolab"].map(str::to_owned).into();
    let hostile = sample::hostile();
    let few: Vec<u64> = (0..24).map(|i: u64| (i*i*37+i*11)%400+if i<6 {3} else {80}).collect();
    let many: Vec<u64> = (0..167).map(|i: u64| (i*i*37+i*11)%4000).collect();
    std::fs::create_dir_all("/tmp/look").unwrap();
    for (set, names, values) in [("plain", &plain, &few), ("hostile", &hostile, &many)] {
        for (form, draw) in gallery::gallery(names, values) {
            for (w, h) in [(1000, None), (360, None), (1200, Some(630))] {
                let theme = if w == 360 { chart::Theme::Dark } else { chart::Theme::Light };
                let svg = draw(&chart::Size::new(w, h).unwrap(), theme);
                let png = chart::png(&svg, 1.0, &chart::Fonts::embedded()).unwrap();
                std::fs::write(format!("/tmp/look/{form}-{set}-{w}.png"), png).unwrap();
            }
        }
    }
}
