//! Over a real socket: starting, stopping, and callers that are too slow.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use server::{Config, Limits, Role, Server, ServerError};
use store::{Role as MemberRole, Store};
use tokio::sync::oneshot;

use crate::ask::{block_on, config, empty, practice};
use crate::people::Installation;

/// A server on a thread of its own, until it is told to stop.
struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

fn start(config: Config) -> Running {
    start_with(config, empty())
}

fn start_with(config: Config, store: Store) -> Running {
    let (stop, stopped) = oneshot::channel();
    let (started, address) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        block_on(async {
            let server = Server::bind(&config, store).await.unwrap();
            started.send(server.address()).unwrap();
            server.serve(async { stopped.await.unwrap_or_default() }).await;
        });
    });
    Running { address: address.recv().unwrap(), stop, thread }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// All that is sent until the other side closes.
fn rest(mut stream: TcpStream) -> String {
    let mut read = Vec::new();
    stream.read_to_end(&mut read).unwrap();
    String::from_utf8(read).unwrap()
}

/// Reads until what was read contains the text.
fn read_until(stream: &mut TcpStream, text: &str) {
    let mut read = Vec::new();
    while !String::from_utf8_lossy(&read).contains(text) {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        read.push(byte[0]);
    }
}

#[test]
fn what_runs_is_finished_before_the_server_stops() {
    let running = start(practice());
    let mut half = connect(running.address);
    let head = "POST /design HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\
                Expect: 100-continue\r\n\r\n";
    half.write_all(head.as_bytes()).unwrap();
    // The form is being read: the request has begun.
    read_until(&mut half, "100 Continue\r\n\r\n");
    half.write_all(b"known").unwrap();
    running.stop.send(()).unwrap();
    let closed = Instant::now();
    while TcpStream::connect(running.address).is_ok() {
        assert!(closed.elapsed() < Duration::from_secs(5), "it still takes callers");
        std::thread::sleep(Duration::from_millis(10));
    }
    half.write_all(b"=yes").unwrap();
    assert!(rest(half).starts_with("HTTP/1.1 200 OK\r\n"));
    running.thread.join().unwrap();
}

#[test]
fn a_caller_that_hangs_does_not_keep_the_server_up() {
    let mut quick = practice();
    quick.limits = Limits { shutdown: Duration::from_millis(200), ..quick.limits };
    let running = start(quick);
    let mut half = connect(running.address);
    let head = "POST /design HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\
                Expect: 100-continue\r\n\r\n";
    half.write_all(head.as_bytes()).unwrap();
    read_until(&mut half, "100 Continue\r\n\r\n");
    running.stop.send(()).unwrap();
    let before = Instant::now();
    running.thread.join().unwrap();
    assert!(before.elapsed() < Duration::from_secs(5));
}

#[test]
fn slow_and_idle_callers_are_closed() {
    let mut quick = config();
    quick.limits = Limits { head: Duration::from_millis(200), ..quick.limits };
    let running = start(quick);
    let mut slow = connect(running.address);
    slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").unwrap();
    assert_eq!(rest(slow), "", "half a head gets no answer");
    let mut idle = connect(running.address);
    idle.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    assert!(rest(idle).ends_with("\r\n\r\nok\n"), "and then it is closed");
    running.stop.send(()).unwrap();
    running.thread.join().unwrap();
}

#[test]
fn a_form_that_never_ends_is_answered() {
    let mut quick = practice();
    quick.limits = Limits { request: Duration::from_millis(200), ..quick.limits };
    let running = start(quick);
    let mut slow = connect(running.address);
    let head = "POST /design HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nkn";
    slow.write_all(head.as_bytes()).unwrap();
    assert!(rest(slow).starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
    running.stop.send(()).unwrap();
    running.thread.join().unwrap();
}

#[test]
fn more_callers_than_places_wait_for_one() {
    let mut narrow = config();
    narrow.limits = Limits { connections: 1, ..narrow.limits };
    let running = start(narrow);
    let first = connect(running.address);
    let mut second = connect(running.address);
    second.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    second.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    assert!(second.read(&mut [0]).is_err(), "there is no place yet");
    drop(first);
    second.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    assert!(rest(second).ends_with("ok\n"));
    running.stop.send(()).unwrap();
    running.thread.join().unwrap();
}

#[test]
fn an_address_that_is_taken_says_so() {
    let running = start(config());
    let again = Config { listen: running.address, ..config() };
    let error = block_on(Server::bind(&again, empty())).unwrap_err();
    assert!(matches!(error, ServerError::InUse { address } if address == running.address));
    assert!(error.to_string().contains("--listen 127.0.0.1:0"), "{error}");
    running.stop.send(()).unwrap();
    running.thread.join().unwrap();
}

#[test]
fn both_roles_in_one_process_are_for_practice() {
    let both = Config { role: Role::Both, ..config() };
    let error = block_on(Server::bind(&both, empty())).unwrap_err();
    assert!(matches!(error, ServerError::BothOutsidePractice));
    assert!(block_on(Server::bind(&practice(), empty())).is_ok());
}

#[test]
fn a_session_that_nobody_uses_is_locked_without_a_request() {
    let here = Installation::new();
    let (_, cookie) = here.member_and_cookie("ana", MemberRole::Coordinator);
    let quick = Config { lock_idle_every: Duration::from_millis(20), ..here.config() };
    let running = start_with(quick, here.store.clone());
    here.minutes_later(31);
    std::thread::sleep(Duration::from_millis(500));
    running.stop.send(()).unwrap();
    running.thread.join().unwrap();
    // The clock is set back: what is locked now was locked meanwhile.
    here.minutes_later(-31);
    let answer = here.get(&cookie, "/account");
    assert_eq!(answer.header("location"), "/unlock");
}
