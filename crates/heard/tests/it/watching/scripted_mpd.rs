//! Something that answers where an MPD is looked for, and says what the test tells it to.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// What it does with one connection.
#[derive(Clone, Copy)]
pub(crate) enum Manner {
    /// Says this, and nothing more.
    Says(&'static [u8]),
    /// Says that it is an MPD, and answers every question with this.
    Answers(&'static str),
    /// Plays a track as an MPD does, and hangs up when it is asked for the so manieth time what it plays.
    Plays { title: &'static str, hangs_up_at: usize },
    /// Answers like an MPD that plays, but ends an `idle` in the same moment in which it is called off.
    PlaysAndRaces { title: &'static str },
}

/// Listens on a port of this machine. Each connection is treated in its own manner, the last one also all that follow.
pub(crate) fn serve(manners: &'static [Manner]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for (nth, stream) in listener.incoming().enumerate() {
            let manner = manners[nth.min(manners.len() - 1)];
            // Whoever hangs up first has heard enough.
            thread::spawn(move || drop(talk(stream.unwrap(), manner)));
        }
    });
    address
}

fn talk(mut stream: TcpStream, manner: Manner) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    match manner {
        Manner::Says(bytes) => {
            stream.write_all(bytes)?;
            lines.try_for_each(|line| line.map(drop))
        }
        Manner::Answers(answer) => {
            stream.write_all(b"OK MPD 0.23.5\n")?;
            lines.try_for_each(|line| line.and_then(|_| stream.write_all(answer.as_bytes())))
        }
        Manner::Plays { title, hangs_up_at } => {
            stream.write_all(b"OK MPD 0.23.5\n")?;
            let mut asked = 0;
            for line in lines {
                match line?.as_str() {
                    "command_list_end" => asked += 1,
                    "noidle" => {
                        stream.write_all(b"OK\n")?;
                        continue;
                    }
                    _ => continue,
                }
                if asked == hangs_up_at {
                    return Ok(());
                }
                stream.write_all(playing(title).as_bytes())?;
            }
            Ok(())
        }
        Manner::PlaysAndRaces { title } => {
            stream.write_all(b"OK MPD 0.23.5\n")?;
            for line in lines {
                match line?.as_str() {
                    "command_list_end" => stream.write_all(playing(title).as_bytes())?,
                    // The one answer to both: the other one comes too late, and MPD says nothing to it.
                    "noidle" => stream.write_all(b"changed: player\nOK\n")?,
                    _ => {}
                }
            }
            Ok(())
        }
    }
}

/// It does not tell where it is: its clock would not be that of the program, which goes faster here.
fn playing(title: &str) -> String {
    format!(
        "state: play\nlist_OK\n\
         file: a.flac\nArtist: Mira Vale\nTitle: {title}\nduration: 31.000\nlist_OK\nOK\n"
    )
}
