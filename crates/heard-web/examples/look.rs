//! scratch
use heard_web::chart::*;
fn row(l:&str,d:Option<&str>,v:u64)->BarRow{ let s=v.to_string(); let mut t=String::new(); for (i,c) in s.chars().enumerate(){ if i>0 && (s.len()-i)%3==0 {t.push(',');} t.push(c);} BarRow{label:l.into(),detail:d.map(Into::into),value:v,value_text:t}}
fn main(){
 let t=std::time::Instant::now;
 let latin: Vec<BarRow>=(0..20).map(|i|row(["Radiohead","Sigur Rós","Godspeed You! Black Emperor","Motörhead","Кино"][i%5],None,5000-200*i as u64)).collect();
 let mut cjk=latin.clone(); for (i,n) in ["宇多田ヒカル","방탄소년단","周杰伦","บอดี้สแลม","فيروز","椎名林檎 サカナクション"].iter().enumerate(){cjk[i*3].label=n.to_string();}
 let thousand: Vec<BarRow>=(0..1000).map(|i|row("Some artist with a name",Some("detail"),5000-i as u64)).collect();
 let b=|r:&Vec<BarRow>|RankedBars{title:"Top artists".into(),subtitle:"jane · 2024".into(),rows:r.clone(),footer:"33,241 plays by 412 artists".into()};
 for (n,r,w) in [("latin",&latin,1200),("latin",&latin,1200),("cjk",&cjk,1200),("cjk",&cjk,1200),("thousand",&thousand,600)]{
  let bars=b(r); let f=Fonts::embedded();
  let t0=t(); let svg=ranked_bars(&bars,&Size::new(w,None).unwrap(),Theme::Light); let a=t0.elapsed(); let p=png(&svg,1.0,&f).unwrap(); println!("{n} svg {a:?} all {:?} {} bytes {}x{}",t0.elapsed(),p.len(),svg.width(),svg.height());
  let fs=Fonts::embedded().with_system(true); let t0=t(); png(&svg,1.0,&fs).unwrap(); println!("   with system {:?}",t0.elapsed());
 }
 let droid=std::path::PathBuf::from("/tmp/look/pdf_oxide-0.3.78/src/fonts/assets/DroidSansFallbackFull.ttf");
 let f=Fonts::embedded().with_files(&[droid]).unwrap();
 let mut v=cjk; v[4].label="𝖒𝖊𝖙𝖆𝖑 / 𝓢𝓬𝓻𝓲𝓹𝓽 ʇǝxʇ ツ ♪ 東京2020 (東京) 방탄 (BTS)".into(); v[5].detail=Some("Köln · 東京事変".into());
 for (n,th) in [("light",Theme::Light),("dark",Theme::Dark)] { let svg=ranked_bars(&b(&v),&Size::new(1000,None).unwrap(),th); std::fs::write(format!("/tmp/plots/droid-{n}.png"),png(&svg,1.5,&f).unwrap()).unwrap(); std::fs::write(format!("/tmp/plots/nofont-{n}.png"),png(&svg,1.5,&Fonts::embedded()).unwrap()).unwrap();}
}
