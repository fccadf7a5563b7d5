use heard_web::chart::*;
fn row(l:&str,d:Option<&str>,v:u64)->BarRow{ let s=v.to_string(); let mut t=String::new(); for (i,c) in s.chars().enumerate(){ if i>0 && (s.len()-i)%3==0 {t.push(',');} t.push(c);} BarRow{label:l.into(),detail:d.map(Into::into),value:v,value_text:t}}
fn main(){
 let zalgo: String = "Zalgo".chars().flat_map(|c| std::iter::once(c).chain("\u{0335}\u{0489}\u{033f}\u{0316}\u{0323}\u{0301}".chars().cycle().take(30))).collect();
 let long="An extraordinarily long band name that goes on and on ".repeat(4);
 let nice=vec![row("Radiohead",None,4821),row("宇多田ヒカル",None,3977),row("Sigur Rós",None,3120),row("방탄소년단",None,2875),row("Кино",None,2544),row("فيروز",None,2210),row("Godspeed You! Black Emperor",None,1999),row("עידן רייכל",None,1804),row("Βαγγέλης Παπαθανασίου",None,1540),row("周杰伦",None,1322),row("บอดี้สแลม",None,1188),row("लता मंगेशकर",None,905),row("🎸 The Emoji Band 🎵",None,702),row("Motörhead",None,512),row("Dvořák",None,300)];
 let hostile=vec![row(&long,Some("detail artist"),1_000_000_000_000),row("宇多田ヒカル 椎名林檎 きゃりーぱみゅぱみゅ 東京事変 サカナクション くるり 相対性理論",Some("非常に長い日本語の名前がここに入りますよね"),999_000_000_000),row("방탄소년단 (BTS) & 아이유",Some("한국어"),700_000_000_000),row("عمرو دياب (Amr Diab) - تملي معاك 123!",Some("فيروز"),500_000_000_000),row("עידן רייכל: \"ממעמקים\" (Live)",Some("שָׁלוֹם"),400_000_000_000),row("👨\u{200d}👩\u{200d}👧\u{200d}👦👩🏽\u{200d}🚀🏳\u{fe0f}\u{200d}🌈🇯🇵❤\u{fe0f} emoji",Some("🪩🫶🏽"),300_000_000_000),row(&zalgo,Some(&zalgo),200_000_000_000),row("<script>alert(1)</script>&amp;\"'",Some("</text></svg>"),100_000_000_000),row("nul\0 \u{fffe} \u{1b}[31mred\u{7}",None,50_000_000_000),row("\u{202e}override \u{2066}isolate",Some("\u{202e}txet"),10_000_000_000),row("    leading spaces",Some(""),1_000_000_000),row("",Some("empty label"),12345),row("ｆｕｌｌｗｉｄｔｈ ♥★→ 𝕏 𝖒𝖊𝖙 𠮷",None,1),row("Wiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii",None,0),row("ไทย บอดี้สแลม กำ ป้าง นครินทร์ กิ่งศักดิ์",Some("தமிழ் இளையராஜா  ລາວ"),0)];
 let dir=std::path::Path::new("/tmp/plots");
 let fonts=Fonts::embedded();
 let sets=[("nice","Top artists","jane · 2024",nice,"33,241 plays by 412 artists"),("hostile","Top tracks of a person with a very long title that does not fit on the narrow one","\u{202e}hostile <b> 東京",hostile,"footer & more"),("empty","Top albums","January 1999",vec![],"0 plays")];
 for (n,t,s,rows,f) in sets { let b=RankedBars{title:t.into(),subtitle:s.into(),rows,footer:f.into()};
  for w in [480,1000,2400]{ for (tn,theme) in [("light",Theme::Light),("dark",Theme::Dark)]{
   let t0=std::time::Instant::now(); let svg=ranked_bars(&b,&Size::new(w,None).unwrap(),theme); let t1=t0.elapsed();
   let p=png(&svg,if w==2400 {1.0}else{1.5},&fonts).unwrap(); let t2=t0.elapsed();
   std::fs::write(dir.join(format!("{n}-{w}-{tn}.svg")),svg.as_str()).unwrap(); std::fs::write(dir.join(format!("{n}-{w}-{tn}.png")),p).unwrap();
   println!("{n} {w} {tn} {}x{} svg {t1:?} total {t2:?}",svg.width(),svg.height()); }}}
 let b=RankedBars{title:"Top artists".into(),subtitle:"fixed".into(),rows:(0..40).map(|i|row(&format!("Artist {i}"),None,1000-i*20)).collect(),footer:"foot".into()};
 for (w,h) in [(1000,500),(1200,630),(8000,120),(200,120)]{ let svg=ranked_bars(&b,&Size::new(w,Some(h)).unwrap(),Theme::Light); std::fs::write(dir.join(format!("fixed-{w}.png")),png(&svg,1.0,&fonts).unwrap()).unwrap();}
}
