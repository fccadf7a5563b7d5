//! The whole state of the fake, and the way of a request through it.

use std::{collections::VecDeque, fmt, mem};

use crate::{
    account::Account,
    answer::{Answer, HTML, Refusal},
    call::{Arrival, Call, Format},
    faults::{Fault, Faults, Occasion, Script},
    generate::Generate,
    gnufm,
    listenbrainz::{self, Endpoint, Windows},
    methods::{
        self, Turn, user_get_info,
        user_get_recent_tracks::{self, Question},
    },
    movement::Movement,
    random::Random,
    request::{Request, Service},
    rules::{Keys, Rules},
    spoil::spoil,
    stats::{Counter, Logged},
    world::World,
    writes::{Note, Write},
};

const RECENT_TRACKS: &str = "user.getrecenttracks";
const INFO: &str = "user.getinfo";

/// Whatever a test wants to happen before each request: it gets the request's number and the world.
pub type Hook = Box<dyn FnMut(u64, &mut World) + Send>;

/// Everything behind the socket.
pub(crate) struct Backend {
    pub(crate) world: World,
    pub(crate) rules: Rules,
    pub(crate) faults: Faults,
    pub(crate) script: Script,
    pub(crate) movement: Option<Movement>,
    pub(crate) hook: Option<Hook>,
    pub(crate) counter: Counter,
    pub(crate) arrivals: VecDeque<Arrival>,
    /// How many log entries and arrivals are kept.
    pub(crate) keep: (usize, usize),
    windows: Windows,
    served: u64,
    last_good: Option<Answer>,
    stranger: Option<Account>,
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backend").field("world", &self.world).field("served", &self.served).finish_non_exhaustive()
    }
}

/// Which answer is made instead of the one that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Swap {
    None,
    User,
    Page,
}

impl Backend {
    pub(crate) fn new(world: World, rules: Rules) -> Self {
        Self {
            world,
            rules,
            faults: Faults::none(),
            script: Script::default(),
            movement: None,
            hook: None,
            counter: Counter::default(),
            arrivals: VecDeque::new(),
            keep: (100_000, 1_000),
            windows: Windows::default(),
            served: 0,
            last_good: None,
            stranger: None,
        }
    }

    /// Answers one request. `arrival.nth` is set here.
    pub(crate) fn respond(&mut self, mut arrival: Arrival) -> Answer {
        let nth = self.next_request();
        arrival.nth = nth;
        let request = Request::of(&arrival);
        self.pass_time(&request);
        let now_ms = self.world.now_ms();
        self.counter.arrived(&request.method);
        let mut note = Note::of(request.rows());
        if request.writes() {
            self.counter.write_arrived(now_ms, note.rows.len());
        }
        let forbidden = self.forbidden(&arrival, &request, now_ms);
        self.remember(arrival);
        let fault = if forbidden.is_none() { self.fault(&request, &note) } else { None };
        let mut answer = match forbidden {
            Some(answer) => answer,
            None => self.with_fault(&request, fault.as_ref(), &mut note),
        };
        if let Service::ListenBrainz(_) = request.service {
            answer.standing = Some(self.windows.standing(&request, self.rules.window, self.world.now(), answer.status));
        }
        self.log(now_ms, &request, fault, &answer, note);
        answer
    }

    /// The number of a request that has just come.
    pub(crate) fn next_request(&mut self) -> u64 {
        self.served += 1;
        self.served
    }

    /// Lets happen what happens before a request.
    fn pass_time(&mut self, request: &Request) {
        if let Some(movement) = &self.movement {
            movement.step(&mut self.world, request.call.get("user").unwrap_or_default(), request.nth);
        }
        if let Some(hook) = &mut self.hook {
            hook(request.nth, &mut self.world);
        }
    }

    /// What is refused for its manners, before it is read.
    fn forbidden(&mut self, arrival: &Arrival, request: &Request, now_ms: i64) -> Option<Answer> {
        let (in_second, in_five_minutes) = match request.service {
            Service::LastFm => self.counter.pressed(now_ms),
            Service::ListenBrainz(_) => (0, 0),
        };
        let agent = arrival.header("user-agent").unwrap_or_default();
        if self.rules.wants_user_agent && !names_a_product(agent) {
            self.counter.stats.impolite.push(format!("request {}: User-Agent {agent:?}", arrival.nth));
            return Some(Answer::new(403, HTML, "<html><body><h1>403 Forbidden</h1></body></html>"));
        }
        if let Service::ListenBrainz(_) = request.service
            && !self.windows.admit(request, self.rules.window, self.world.now())
        {
            return Some(request.refusal(Format::Json, &Refusal::new(429, 429, listenbrainz::TOO_MANY)));
        }
        let patience = self.rules.patience?;
        if in_second <= patience.in_one_second && in_five_minutes <= patience.in_five_minutes {
            return None;
        }
        self.counter.stats.impolite.push(format!(
            "request {}: {in_second} requests in a second, {in_five_minutes} in five minutes",
            arrival.nth
        ));
        Some(request.refusal(request.call.format(), &Refusal::known(29, 429)))
    }

    pub(crate) fn remember(&mut self, arrival: Arrival) {
        let (_, keep) = self.keep;
        if self.arrivals.len() >= keep {
            self.arrivals.pop_front();
        }
        if keep > 0 {
            self.arrivals.push_back(arrival);
        }
    }

    fn fault(&mut self, request: &Request, note: &Note) -> Option<Fault> {
        let method = request.method.as_str();
        let window = match &request.service {
            Service::ListenBrainz(Endpoint::Listens(_)) => Some(listenbrainz::window_of(&request.call)),
            Service::LastFm if method == RECENT_TRACKS => {
                let question = Question::of(&request.call, &self.rules).ok();
                question.map(|question| question.stretch(&self.rules).unwrap_or((0, i64::MAX)))
            }
            _ => None,
        };
        let rows = request.writes().then_some(note.rows.as_slice());
        let ordered = self.script.take(Occasion { nth: request.nth, method, window, rows });
        ordered.or_else(|| self.faults.draw(request.nth).cloned())
    }

    fn with_fault(&mut self, request: &Request, fault: Option<&Fault>, note: &mut Note) -> Answer {
        let Some((fault, done)) = fault.map(Fault::parts) else {
            let answer = self.answer(request, Swap::None, request.call.format(), note);
            if answer.status == 200 {
                self.last_good = Some(answer.clone());
            }
            return answer;
        };
        let (swap, format) = match fault {
            Fault::OtherUser => (Swap::User, request.call.format()),
            Fault::OtherPage => (Swap::Page, request.call.format()),
            Fault::XmlBody => (Swap::None, Format::Xml),
            _ => (Swap::None, request.call.format()),
        };
        let answer = if done || !request.leaves_traces() {
            self.answer(request, swap, format, note)
        } else {
            // What comes before the write needs no right answer.
            Answer::new(503, HTML, "")
        };
        if *fault == Fault::Stale {
            return self.last_good.clone().unwrap_or(answer);
        }
        let refuse = |refusal: &Refusal| self.refusal(request, format, refusal);
        spoil(answer, fault, refuse, &mut Random::of_request(0x5b01, request.nth))
    }

    fn answer(&mut self, request: &Request, swap: Swap, format: Format, note: &mut Note) -> Answer {
        let answered = match &request.service {
            Service::LastFm => self.ruled(request, swap, format, note),
            Service::ListenBrainz(endpoint) if swap == Swap::User => {
                listenbrainz::answer(&endpoint.of_stranger(), request, &mut self.world, note)
            }
            Service::ListenBrainz(endpoint) => listenbrainz::answer(endpoint, request, &mut self.world, note),
        };
        answered.unwrap_or_else(|refusal| self.refusal(request, format, &refusal))
    }

    /// A refusal in the words of the service.
    fn refusal(&self, request: &Request, format: Format, refusal: &Refusal) -> Answer {
        if self.rules.gnu_fm && request.service == Service::LastFm {
            return gnufm::refusal(refusal);
        }
        request.refusal(format, refusal)
    }

    /// The answer by the rules of Last.fm, checked in its order: key present, method, key good, parameters, user.
    fn ruled(&mut self, request: &Request, swap: Swap, format: Format, note: &mut Note) -> Result<Answer, Refusal> {
        let name = request.method.as_str();
        let form;
        let call = if methods::needs_form(name) {
            // What is sent by GET has no form, and so lacks everything.
            form = if request.is_post { request.call.form() } else { Call::default() };
            form.get("method").ok_or_else(Refusal::missing_parameter)?;
            &form
        } else {
            &request.call
        };
        let key = call.get("api_key").ok_or_else(Refusal::missing_parameter)?;
        if let Some(method) = methods::by_name(name) {
            check_key(key, &self.rules)?;
            let (rules, world, nth) = (&self.rules, &mut self.world, request.nth);
            return method(&mut Turn { call, format, rules, world, note, nth });
        }
        if ![RECENT_TRACKS, INFO].contains(&name) {
            return Err(Refusal::known(3, 400));
        }
        check_key(key, &self.rules)?;
        self.shown(request, swap, format)
    }

    /// The answer to a question for a list or a profile.
    fn shown(&mut self, request: &Request, swap: Swap, format: Format) -> Result<Answer, Refusal> {
        let (call, rules) = (&request.call, &self.rules);
        let user = call.get("user").ok_or_else(Refusal::missing_parameter)?;
        let now = self.world.now();
        let is_owner = methods::is_owner(call, rules, &self.world, user);
        let account = match swap {
            Swap::User => Some(self.stranger.get_or_insert_with(|| stranger(now))),
            Swap::None | Swap::Page => self.world.account_mut(user),
        };
        if request.method == INFO {
            return user_get_info::answer(account.as_deref(), format);
        }
        let mut question = Question::of(call, rules)?;
        if swap == Swap::Page {
            question.page += 1;
        }
        let account = account.ok_or_else(Refusal::unknown_user)?;
        if rules.gnu_fm {
            return gnufm::recent_tracks(account, question, rules, (request.nth, now));
        }
        if account.hidden && !is_owner {
            return Err(Refusal::known(17, 403));
        }
        user_get_recent_tracks::answer(account, question, rules, format, (request.nth, now))
    }

    fn log(&mut self, at_ms: i64, request: &Request, fault: Option<Fault>, answer: &Answer, note: Note) {
        let fault = fault.map(|fault| format!("{fault:?}"));
        let outcome = match &fault {
            Some(fault) => fault.split([' ', '(']).next().unwrap_or_default().to_owned(),
            None => answer.status.to_string(),
        };
        let (nth, method, call, status) = (request.nth, request.method.clone(), &request.call, answer.status);
        if request.writes() {
            let Note { user, rows } = note;
            let write = Write { nth, at_ms, method: method.clone(), user, rows, status, fault: fault.clone() };
            self.counter.written(write, self.keep.0);
        }
        let logged = Logged {
            nth,
            at_ms,
            method,
            user: request.user().map(ToOwned::to_owned),
            from: call.number("from").unwrap_or_default(),
            to: call.number("to").unwrap_or_default(),
            page: call.number("page").unwrap_or_default(),
            limit: call.number("limit").unwrap_or_default(),
            status,
            fault,
            rows: answer.rows,
        };
        self.counter.answered(logged, &outcome, self.keep.0);
    }

    /// Forgets all counts, the log and the arrivals; request numbers go on.
    pub(crate) fn forget(&mut self) {
        mem::take(&mut self.counter);
        self.arrivals.clear();
    }
}

fn check_key(key: &str, rules: &Rules) -> Result<(), Refusal> {
    if rules.suspended_keys.iter().any(|suspended| suspended == key) {
        return Err(Refusal::known(26, 403));
    }
    match &rules.keys {
        Keys::Only(good) if !good.iter().any(|good| good == key) => Err(Refusal::known(10, 403)),
        Keys::Any | Keys::Only(_) => Ok(()),
    }
}

/// Whether an agent says what it is: `name/version`, which a bare library would not say of the application.
fn names_a_product(agent: &str) -> bool {
    let first = agent.split(' ').next().unwrap_or_default();
    first.split_once('/').is_some_and(|(name, version)| !name.is_empty() && !version.is_empty())
}

/// The listener whose pages are sent to others by mistake.
fn stranger(now: i64) -> Account {
    let mut account = Account::new("a_stranger");
    Generate::plain(0x57a, 600, now).fill(&mut account);
    account
}

#[cfg(test)]
mod tests {
    use super::names_a_product;

    #[test]
    fn an_agent_names_a_product_or_does_not() {
        assert!(names_a_product("heard/0.1 (+https://example.invalid)"));
        for agent in ["", "heard", "/1", "heard/", "a b/1"] {
            assert!(!names_a_product(agent), "{agent}");
        }
    }
}
