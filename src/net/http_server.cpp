// The server: one thread, one coroutine a connection, Beast's incremental parser filling our own request.
//
// What a request costs decides how many callers one core can answer, hence: one read and one write system
// call a request, no timer armed per operation (one sweep looks at every connection's deadline), and answers
// that come from other threads wait in a mailbox that wakes the server once, however many there are.
#include <utility>  // first: Asio 1.74 needs it before its own headers

#include "net/http_server.hpp"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <coroutine>
#include <csignal>
#include <ctime>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "request_parser.hpp"
#include "tls_stream.hpp"

namespace jobrun::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using ErrorCode = boost::system::error_code;
using SteadyTime = std::chrono::steady_clock::time_point;
using Milliseconds = std::chrono::milliseconds;
// The concrete executor: the polymorphic default costs an allocation and two indirect calls an operation.
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                         asio::io_context::executor_type>;

constexpr std::size_t buffer_bytes_initial = std::size_t{4} * 1024;
constexpr std::size_t output_bytes_kept = std::size_t{64} * 1024;
/// Connections over the limit that are told so, rather than just closed.
constexpr std::size_t refused_connections_max = 64;
/// After our last word a client may still be sending; closing at once could destroy that word on its way.
constexpr std::size_t linger_bytes_max = std::size_t{1024} * 1024;
constexpr Milliseconds linger_time_max{1'000};
constexpr Milliseconds sweep_period_max{250};
constexpr Milliseconds sweep_period_min{5};
constexpr Milliseconds accept_pause{50};

std::string_view reason_of(int status) {
  struct Reason {
    int status;
    std::string_view text;
  };
  constexpr std::array reasons = {Reason{200, "OK"},
                                  Reason{201, "Created"},
                                  Reason{202, "Accepted"},
                                  Reason{204, "No Content"},
                                  Reason{301, "Moved Permanently"},
                                  Reason{302, "Found"},
                                  Reason{304, "Not Modified"},
                                  Reason{400, "Bad Request"},
                                  Reason{401, "Unauthorized"},
                                  Reason{403, "Forbidden"},
                                  Reason{404, "Not Found"},
                                  Reason{405, "Method Not Allowed"},
                                  Reason{408, "Request Timeout"},
                                  Reason{409, "Conflict"},
                                  Reason{413, "Content Too Large"},
                                  Reason{415, "Unsupported Media Type"},
                                  Reason{422, "Unprocessable Content"},
                                  Reason{429, "Too Many Requests"},
                                  Reason{431, "Request Header Fields Too Large"},
                                  Reason{500, "Internal Server Error"},
                                  Reason{502, "Bad Gateway"},
                                  Reason{503, "Service Unavailable"},
                                  Reason{504, "Gateway Timeout"}};
  for (const Reason& reason : reasons) {
    if (reason.status == status) return reason.text;
  }
  return "Status";
}

bool may_have_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

struct Refusal {
  ServerRefusal cause;
  int status;
  std::string_view message;
};

Refusal refusal_of(ServerRefusal cause) {
  switch (cause) {
    case ServerRefusal::header_too_large:
      return {cause, 431, "The request line and headers are larger than this server accepts."};
    case ServerRefusal::body_too_large:
      return {cause, 413, "The body is larger than this server accepts."};
    case ServerRefusal::malformed:
      return {cause, 400, "This is not a well-formed HTTP/1.1 request."};
    case ServerRefusal::timed_out:
      return {cause, 408, "The request did not arrive in time."};
    case ServerRefusal::too_many_connections:
      return {cause, 503, "Too many connections. Try again later."};
    case ServerRefusal::unanswered:
      return {cause, 503, "No answer was ready in time. Try again later."};
  }
  return {cause, 500, ""};
}

/// A coroutine that runs by itself and frees itself. What it works on outlives it (see Impl::finish).
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

/// What a connection is waiting for; each has its own deadline.
enum class Phase { handshaking, idle, reading, answering, writing, lingering };

struct Connection {
  Connection(Socket&& accepted, std::uint32_t slot_number)
      : socket(std::move(accepted)), slot(slot_number), buffer(buffer_bytes_initial) {}

  Socket socket;
  std::unique_ptr<TlsStream> tls;  ///< none: every byte is HTTP
  std::uint32_t slot;
  bool is_refused = false;  ///< over the limit: gets one answer and no request is read

  // Bytes read and not yet parsed are buffer[begin, end).
  std::vector<char> buffer;
  std::size_t begin = 0;
  std::size_t end = 0;

  std::optional<RequestParser> parser;
  bool continue_sent = false;

  std::uint64_t request_id = 0;  ///< of the request being answered; late answers name an old one
  bool is_head = false;
  bool is_http_11 = true;
  bool keeps_alive = false;
  std::optional<HttpResponse> answer;
  std::coroutine_handle<> waiting_for_answer;

  std::string output;
  std::size_t output_sent = 0;
  std::size_t lingered_bytes = 0;

  Phase phase = Phase::idle;
  SteadyTime deadline{};
  bool is_late = false;    ///< the deadline passed while reading
  bool is_killed = false;  ///< the deadline passed while writing, or the server's grace is over
};

/// What the socket must become for a TLS operation to go on.
Socket::wait_type wait_of(TlsStep step) {
  return step == TlsStep::wants_write ? Socket::wait_write : Socket::wait_read;
}

bool is_over(TlsStep step) {
  return step != TlsStep::wants_read && step != TlsStep::wants_write;
}

/// Agrees with the peer on keys; false when it is gone, too slow, or breaks the protocol.
struct ShakeHands {
  Connection& connection;
  TlsStep step = TlsStep::wants_read;

  bool await_ready() const noexcept { return connection.is_killed || connection.is_late; }
  void await_suspend(std::coroutine_handle<> coroutine) {
    connection.socket.async_wait(wait_of(step), [this, coroutine](const ErrorCode& error) {
      const bool is_ended = error || connection.is_killed || connection.is_late;
      if (!is_ended) step = connection.tls->shake_hands();
      if (is_ended || is_over(step)) {
        coroutine.resume();
      } else {
        await_suspend(coroutine);
      }
    });
  }
  TlsStep await_resume() const noexcept { return step; }
};

/// Reads what there is; 0 when the peer closed, the deadline passed, or the connection broke.
struct ReadSome {
  Connection& connection;
  std::size_t count = 0;
  TlsStep step = TlsStep::wants_read;

  /// What TLS has decrypted already the socket does not tell of.
  bool await_ready() {
    if (connection.is_killed || connection.is_late) return true;
    return connection.tls && connection.tls->holds_bytes() && read_tls();
  }
  void await_suspend(std::coroutine_handle<> coroutine) {
    Connection& c = connection;
    if (c.tls) {
      wait_for_tls(coroutine);
      return;
    }
    c.socket.async_read_some(asio::buffer(c.buffer.data() + c.end, c.buffer.size() - c.end),
                             [this, coroutine](const ErrorCode& error, std::size_t bytes) {
                               count = error ? 0 : bytes;
                               coroutine.resume();
                             });
  }
  std::size_t await_resume() noexcept {
    connection.end += count;
    return count;
  }

  /// True when there is nothing to wait for.
  bool read_tls() {
    Connection& c = connection;
    step = c.tls->read(c.buffer.data() + c.end, c.buffer.size() - c.end, count);
    if (step != TlsStep::done) count = 0;
    return is_over(step);
  }

  /// One record for each wait: whoever sends without a pause holds up nobody.
  void wait_for_tls(std::coroutine_handle<> coroutine) {
    connection.socket.async_wait(wait_of(step), [this, coroutine](const ErrorCode& error) {
      const bool is_ended = error || connection.is_killed || connection.is_late;
      if (is_ended || read_tls()) {
        coroutine.resume();
      } else {
        wait_for_tls(coroutine);
      }
    });
  }
};

/// Writes connection.output whole; false when the peer is gone or too slow. Usually one system call and no
/// suspension.
struct WriteOutput {
  Connection& connection;
  Milliseconds timeout;
  bool ok = true;
  TlsStep step = TlsStep::wants_write;

  bool await_ready() { return write_more(); }
  void await_suspend(std::coroutine_handle<> coroutine) {
    connection.phase = Phase::writing;
    connection.deadline = std::chrono::steady_clock::now() + timeout;
    wait(coroutine);
  }
  bool await_resume() const noexcept { return ok; }

  /// True when there is nothing more to do.
  bool write_more() {
    Connection& c = connection;
    if (c.tls) return write_more_by_tls();
    while (c.output_sent < c.output.size()) {
      ErrorCode error;
      c.output_sent += c.socket.write_some(
          asio::buffer(c.output.data() + c.output_sent, c.output.size() - c.output_sent), error);
      if (error == asio::error::would_block || error == asio::error::try_again) return false;
      if (error) {
        ok = false;
        return true;
      }
    }
    return true;
  }

  bool write_more_by_tls() {
    Connection& c = connection;
    while (c.output_sent < c.output.size()) {
      std::size_t taken = 0;
      step = c.tls->write(std::string_view(c.output).substr(c.output_sent), taken);
      if (!is_over(step)) return false;
      if (step != TlsStep::done) {
        ok = false;
        return true;
      }
      c.output_sent += taken;
    }
    return true;
  }

  void wait(std::coroutine_handle<> coroutine) {
    connection.socket.async_wait(wait_of(step), [this, coroutine](const ErrorCode& error) {
      if (error || connection.is_killed) ok = false;
      if (!ok || write_more()) {
        coroutine.resume();
      } else {
        wait(coroutine);
      }
    });
  }
};

/// Suspends until the mailbox, the deadline or the server's end brings an answer.
struct AwaitAnswer {
  Connection& connection;
  bool await_ready() const noexcept { return connection.answer.has_value() || connection.is_killed; }
  void await_suspend(std::coroutine_handle<> coroutine) noexcept { connection.waiting_for_answer = coroutine; }
  void await_resume() const noexcept {}
};

}  // namespace

struct HttpServer::Impl {
  struct Answer {
    std::uint32_t slot;
    std::uint64_t request_id;
    HttpResponse response;
  };

  /// Where answers wait for the server's thread. Outlives the server, because a Respond may.
  struct Mailbox {
    std::mutex mutex;
    Impl* server = nullptr;  ///< null once the server has gone
    std::vector<Answer> answers;

    void put(Answer answer) {
      const std::lock_guard lock(mutex);
      if (server == nullptr) return;
      answers.push_back(std::move(answer));
      if (answers.size() == 1) asio::post(server->io, [server = server] { server->drain_mailbox(); });
    }
  };

  Impl(Options options_given, Handler handler_given)
      : options(std::move(options_given)), handler(std::move(handler_given)) {
    const Milliseconds shortest = std::min({options.idle_timeout, options.request_timeout, options.answer_timeout,
                                            options.write_timeout, options.handshake_timeout});
    sweep_period = std::clamp(shortest / 8, sweep_period_min, sweep_period_max);
  }

  /// The server whose thread this is: an answer given inside the handler needs no mailbox.
  static thread_local Impl* of_this_thread;

  const Options options;
  const Handler handler;
  Milliseconds sweep_period{};

  asio::io_context io{1};
  Acceptor acceptor{io};
  Timer sweep_timer{io};
  Timer accept_timer{io};
  Timer grace_timer{io};
  std::atomic<std::uint16_t> bound_port{0};
  std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();
  std::thread thread;
  std::mutex stop_mutex;
  std::mutex tls_mutex;
  std::shared_ptr<const TlsIdentity> tls = options.tls;  ///< of the next connection

  // Everything below belongs to the server's thread.
  std::vector<std::unique_ptr<Connection>> slots;
  std::vector<std::uint32_t> free_slots;
  std::vector<Answer> drained;
  std::size_t accepted_count = 0;  ///< open connections within the limit
  std::size_t refused_count = 0;   ///< open connections over it
  std::uint64_t last_request_id = 0;
  Connection* in_handler = nullptr;
  std::uint64_t in_handler_id = 0;
  bool is_stopping = false;
  std::string date_line;
  std::time_t date_of_line = 0;

  // Opening and closing.
  Result<void> bind();
  void serve_until_stopped();
  void accept_next();
  void open(Socket&& socket);
  void begin_linger(Connection& c);
  bool may_linger(Connection& c);
  void finish(Connection& c);
  void begin_stop(Milliseconds grace);
  void end_grace();
  void end_when_empty();
  void sweep();
  void end_overdue(Connection& c);

  // One request.
  enum class Step { need_more, complete, gone, refused };
  Detached serve(Connection* connection);
  Detached serve_by_tls(Connection* connection);
  bool secure(Connection& c);
  void count_failed_handshake(const Connection& c, TlsStep step);
  Detached refuse_connection(Connection* connection);
  void begin_request(Connection& c);
  Step parse(Connection& c);
  Step refuse(Connection& c, ServerRefusal cause);
  Step after_silence(Connection& c);
  bool make_room(Connection& c);
  void dispatch(Connection& c);
  void enter(Connection& c, Phase phase);
  void compose(Connection& c);
  void drain_mailbox();
};

thread_local HttpServer::Impl* HttpServer::Impl::of_this_thread = nullptr;

namespace {

ServerRefusal cause_of(const ErrorCode& error) {
  if (error == http::error::header_limit) return ServerRefusal::header_too_large;
  if (error == http::error::body_limit) return ServerRefusal::body_too_large;
  return ServerRefusal::malformed;
}

/// Header values come from our own code; a line end in one would still be a second header.
void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  for (const char c : value) out += (c == '\r' || c == '\n' || c == '\0') ? ' ' : c;
  out += "\r\n";
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end);
}

std::string date_line_of(std::time_t now) {
  std::array<char, 64> text{};
  std::tm parts{};
  gmtime_r(&now, &parts);
  const std::size_t size = std::strftime(text.data(), text.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
  return std::string(text.data(), size);
}

}  // namespace

// g++ 12 may keep what is awaited inside a larger expression or a condition outside the coroutine's frame:
// every co_await below initialises a variable.

// ---- One request ------------------------------------------------------------------------------------------

Detached HttpServer::Impl::serve(Connection* connection) {
  Connection& c = *connection;
  bool goes_on = true;
  Step step = Step::need_more;
  while (goes_on) {
    begin_request(c);
    step = parse(c);
    while (step == Step::need_more) {
      if (c.parser->is_header_done() && c.parser->expects_continue && !c.continue_sent) {
        c.continue_sent = true;
        c.output = "HTTP/1.1 100 Continue\r\n\r\n";
        c.output_sent = 0;
        const bool is_told = co_await WriteOutput{c, options.write_timeout};
        if (!is_told) break;
        enter(c, Phase::reading);
      }
      const std::size_t count = co_await ReadSome{c};
      if (count == 0) {
        step = after_silence(c);
        break;
      }
      if (c.phase == Phase::idle) enter(c, Phase::reading);
      step = parse(c);
    }
    if (step == Step::need_more || step == Step::gone) break;
    if (step == Step::complete) {
      dispatch(c);
      if (!c.answer) {
        enter(c, Phase::answering);
        co_await AwaitAnswer{c};
      }
      if (!c.answer) break;
      if (c.answer->resets_connection) {
        ErrorCode ignored;
        static_cast<void>(c.socket.set_option(asio::socket_base::linger(true, 0), ignored));
        step = Step::gone;
        break;
      }
    }
    compose(c);
    const bool written = co_await WriteOutput{c, options.write_timeout};
    goes_on = written && c.keeps_alive;
    if (!written) step = Step::gone;
  }
  if (step == Step::refused) {
    begin_linger(c);
    for (bool goes_on_reading = true; goes_on_reading;) {
      const std::size_t count = co_await ReadSome{c};
      goes_on_reading = count != 0 && may_linger(c);
    }
  }
  finish(c);
}

/// Serves once both sides have agreed on keys.
Detached HttpServer::Impl::serve_by_tls(Connection* connection) {
  Connection& c = *connection;
  enter(c, Phase::handshaking);
  const TlsStep step = co_await ShakeHands{c};
  if (step == TlsStep::done) {
    serve(connection);
  } else {
    count_failed_handshake(c, step);
    finish(c);
  }
}

/// One that came and went, as whoever looks whether the port is open does, counts as nothing.
void HttpServer::Impl::count_failed_handshake(const Connection& c, TlsStep step) {
  if (!options.on_refusal || is_stopping) return;
  if (c.is_late) options.on_refusal(ServerRefusal::timed_out);
  if (!c.is_late && step == TlsStep::broken) options.on_refusal(ServerRefusal::malformed);
}

Detached HttpServer::Impl::refuse_connection(Connection* connection) {
  Connection& c = *connection;
  refuse(c, ServerRefusal::too_many_connections);
  compose(c);
  const bool is_written = co_await WriteOutput{c, options.write_timeout};
  if (is_written) {
    begin_linger(c);
    for (bool goes_on_reading = true; goes_on_reading;) {
      const std::size_t count = co_await ReadSome{c};
      goes_on_reading = count != 0 && may_linger(c);
    }
  }
  finish(c);
}

void HttpServer::Impl::begin_request(Connection& c) {
  c.parser.emplace(options.header_bytes_max, options.body_bytes_max);
  c.continue_sent = false;
  c.is_late = false;
  if (c.begin == c.end) {
    c.begin = c.end = 0;
    if (c.buffer.size() > buffer_bytes_initial) c.buffer = std::vector<char>(buffer_bytes_initial);
  }
  enter(c, c.begin == c.end ? Phase::idle : Phase::reading);
  if (is_stopping && c.phase == Phase::idle) c.is_late = true;
}

HttpServer::Impl::Step HttpServer::Impl::parse(Connection& c) {
  while (c.begin < c.end) {
    ErrorCode error;
    const std::size_t used = c.parser->put(asio::buffer(c.buffer.data() + c.begin, c.end - c.begin), error);
    c.begin += used;
    if (error && error != http::error::need_more) return refuse(c, cause_of(error));
    if (c.parser->is_done()) return Step::complete;
    if (error || used == 0) {
      // A line of a chunked body may be longer than any buffer; a header meets its limit before this.
      if (!make_room(c)) return refuse(c, ServerRefusal::malformed);
      return Step::need_more;
    }
  }
  c.begin = c.end = 0;
  return Step::need_more;
}

/// False when the buffer is as large as it may get and full.
bool HttpServer::Impl::make_room(Connection& c) {
  const std::size_t room_wanted = std::min<std::size_t>(1024, c.buffer.size() / 4);
  if (c.buffer.size() - c.end >= room_wanted) return true;
  std::copy(c.buffer.begin() + static_cast<std::ptrdiff_t>(c.begin),
            c.buffer.begin() + static_cast<std::ptrdiff_t>(c.end), c.buffer.begin());
  c.end -= c.begin;
  c.begin = 0;
  if (c.buffer.size() - c.end >= room_wanted) return true;
  const std::size_t size_max = std::max(buffer_bytes_initial, options.header_bytes_max + 1024);
  if (c.buffer.size() < size_max) c.buffer.resize(std::min(size_max, c.buffer.size() * 2));
  return c.end < c.buffer.size();
}

HttpServer::Impl::Step HttpServer::Impl::refuse(Connection& c, ServerRefusal cause) {
  const Refusal refusal = refusal_of(cause);
  if (options.on_refusal) options.on_refusal(cause);
  c.answer = json_error(refusal.status, net::name_of(cause), refusal.message);
  c.is_head = false;
  c.is_http_11 = true;
  c.keeps_alive = false;
  return Step::refused;
}

HttpServer::Impl::Step HttpServer::Impl::after_silence(Connection& c) {
  const bool is_timed_out = c.is_late && !c.is_killed && c.phase == Phase::reading;
  return is_timed_out ? refuse(c, ServerRefusal::timed_out) : Step::gone;
}

void HttpServer::Impl::dispatch(Connection& c) {
  c.request_id = ++last_request_id;
  c.is_head = c.parser->request.method == "HEAD";
  c.is_http_11 = c.parser->is_http_11();
  c.keeps_alive = c.parser->keep_alive();
  in_handler = &c;
  in_handler_id = c.request_id;
  Respond respond = [box = mailbox, slot = c.slot, id = c.request_id](HttpResponse response) {
    Impl* const here = of_this_thread;
    if (here != nullptr && here->mailbox == box && here->in_handler_id == id) {
      if (!here->in_handler->answer) here->in_handler->answer = std::move(response);
    } else {
      box->put(Answer{slot, id, std::move(response)});
    }
  };
  try {
    handler(std::move(c.parser->request), std::move(respond));
  } catch (...) {
    if (!c.answer) c.answer = json_error(500, "internal", "The request could not be handled.");
  }
  in_handler = nullptr;
  in_handler_id = 0;
}

void HttpServer::Impl::enter(Connection& c, Phase phase) {
  Milliseconds span{};
  switch (phase) {
    case Phase::handshaking:
      span = options.handshake_timeout;
      break;
    case Phase::idle:
      span = options.idle_timeout;
      break;
    case Phase::reading:
      span = options.request_timeout;
      break;
    case Phase::answering:
      span = options.answer_timeout;
      break;
    case Phase::writing:
      span = options.write_timeout;
      break;
    case Phase::lingering:
      span = linger_time_max;
      break;
  }
  c.phase = phase;
  c.deadline = std::chrono::steady_clock::now() + span;
}

/// Turns c.answer into the bytes of c.output.
void HttpServer::Impl::compose(Connection& c) {
  const HttpResponse response = std::move(*c.answer);
  c.answer.reset();
  c.request_id = 0;
  if (is_stopping) c.keeps_alive = false;
  std::string& out = c.output;
  if (out.capacity() > output_bytes_kept) out = std::string();
  out.clear();
  c.output_sent = 0;
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(std::clamp(response.status, 200, 599)));
  out += ' ';
  out += reason_of(response.status);
  out += "\r\n";
  out += date_line;
  if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) append_header(out, name, value);
  if (may_have_body(response.status)) {
    out += "Content-Length: ";
    append_number(out, response.body.size());
    out += "\r\n";
  }
  if (!c.keeps_alive) {
    out += "Connection: close\r\n";
  } else if (!c.is_http_11) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
  if (may_have_body(response.status) && !c.is_head) out += response.body;
}

void HttpServer::Impl::drain_mailbox() {
  {
    const std::lock_guard lock(mailbox->mutex);
    drained.swap(mailbox->answers);
  }
  for (Answer& answer : drained) {
    Connection* const c = slots[answer.slot].get();
    if (c == nullptr || c->request_id != answer.request_id || !c->waiting_for_answer) continue;
    c->answer = std::move(answer.response);
    std::exchange(c->waiting_for_answer, nullptr).resume();
  }
  drained.clear();
}

// ---- Opening and closing ----------------------------------------------------------------------------------

Result<void> HttpServer::Impl::bind() {
  ErrorCode error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) {
    return invalid("'" + options.address + "' is not an IP address to listen on, for example 127.0.0.1 or ::");
  }
  const asio::ip::tcp::endpoint endpoint(address, options.port);
  static_cast<void>(acceptor.open(endpoint.protocol(), error));
  if (!error) static_cast<void>(acceptor.set_option(asio::socket_base::reuse_address(true), error));
  if (!error) static_cast<void>(acceptor.bind(endpoint, error));
  if (!error) static_cast<void>(acceptor.listen(asio::socket_base::max_listen_connections, error));
  if (error) {
    const std::string reason = error.message();
    ErrorCode ignored;
    static_cast<void>(acceptor.close(ignored));
    return failure(ErrorKind::conflict,
                   "cannot listen on " + options.address + ":" + std::to_string(options.port) + ": " + reason);
  }
  bound_port = acceptor.local_endpoint(error).port();
  return {};
}

void HttpServer::Impl::serve_until_stopped() {
  pthread_setname_np(pthread_self(), "http-server");
  // OpenSSL writes by write(2): to a peer that is gone, that is a signal.
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  of_this_thread = this;
  accept_next();
  sweep();
  io.run();
  of_this_thread = nullptr;
  const std::lock_guard lock(mailbox->mutex);
  mailbox->server = nullptr;
}

void HttpServer::Impl::accept_next() {
  acceptor.async_accept(io.get_executor(), [this](const ErrorCode& error, Socket socket) {
    if (is_stopping) return;
    if (!error) {
      open(std::move(socket));
      accept_next();
      return;
    }
    // Out of descriptors, most likely: trying again at once would spin.
    accept_timer.expires_after(accept_pause);
    accept_timer.async_wait([this](const ErrorCode& cancelled) {
      if (!cancelled && !is_stopping) accept_next();
    });
  });
}

void HttpServer::Impl::open(Socket&& socket) {
  const bool is_over = accepted_count >= options.connections_max;
  // By TLS a word costs a handshake, which is just what there is too much of.
  if (is_over && (options.tls || refused_count >= refused_connections_max)) {
    if (options.on_refusal) options.on_refusal(ServerRefusal::too_many_connections);
    return;
  }
  ErrorCode error;
  static_cast<void>(socket.set_option(asio::ip::tcp::no_delay(true), error));
  if (!error) static_cast<void>(socket.non_blocking(true, error));
  if (error) return;
  if (free_slots.empty()) {
    free_slots.push_back(static_cast<std::uint32_t>(slots.size()));
    slots.emplace_back();
  }
  const std::uint32_t slot = free_slots.back();
  free_slots.pop_back();
  slots[slot] = std::make_unique<Connection>(std::move(socket), slot);
  Connection& c = *slots[slot];
  c.is_refused = is_over;
  ++(is_over ? refused_count : accepted_count);
  if (is_over) {
    refuse_connection(&c);
  } else if (options.tls) {
    if (secure(c)) {
      serve_by_tls(&c);
    } else {
      finish(c);
    }
  } else {
    serve(&c);
  }
}

/// False when there is no memory for it.
bool HttpServer::Impl::secure(Connection& c) {
  try {
    const std::lock_guard lock(tls_mutex);
    c.tls = std::make_unique<TlsStream>(*tls, c.socket.native_handle());
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

void HttpServer::Impl::begin_linger(Connection& c) {
  ErrorCode ignored;
  if (c.tls) c.tls->end_writing();
  static_cast<void>(c.socket.shutdown(Socket::shutdown_send, ignored));
  c.is_late = false;
  c.begin = c.end = 0;
  c.lingered_bytes = 0;
  enter(c, Phase::lingering);
}

bool HttpServer::Impl::may_linger(Connection& c) {
  c.lingered_bytes += c.end;
  c.begin = c.end = 0;
  return !is_stopping && c.lingered_bytes < linger_bytes_max;
}

/// The last thing a connection's coroutine does: `c` is gone afterwards.
void HttpServer::Impl::finish(Connection& c) {
  if (c.tls) c.tls->end_writing();
  --(c.is_refused ? refused_count : accepted_count);
  const std::uint32_t slot = c.slot;
  slots[slot].reset();
  free_slots.push_back(slot);
  end_when_empty();
}

void HttpServer::Impl::end_when_empty() {
  if (!is_stopping || accepted_count + refused_count > 0) return;
  sweep_timer.cancel();
  grace_timer.cancel();
}

void HttpServer::Impl::begin_stop(Milliseconds grace) {
  is_stopping = true;
  ErrorCode ignored;
  static_cast<void>(acceptor.close(ignored));
  accept_timer.cancel();
  grace_timer.expires_after(grace);
  grace_timer.async_wait([this](const ErrorCode& cancelled) {
    if (!cancelled) end_grace();
  });
  for (const std::unique_ptr<Connection>& c : slots) {
    if (c == nullptr || (c->phase != Phase::idle && c->phase != Phase::handshaking)) continue;
    c->is_late = true;
    static_cast<void>(c->socket.cancel(ignored));
  }
  end_when_empty();
}

void HttpServer::Impl::end_grace() {
  for (std::size_t i = 0; i < slots.size(); ++i) {
    Connection* const c = slots[i].get();
    if (c == nullptr) continue;
    ErrorCode ignored;
    c->is_killed = true;
    static_cast<void>(c->socket.cancel(ignored));
    if (c->waiting_for_answer) std::exchange(c->waiting_for_answer, nullptr).resume();
  }
}

/// Ends what has waited too long, again and again until the server has stopped.
void HttpServer::Impl::sweep() {
  const SteadyTime now = std::chrono::steady_clock::now();
  const std::time_t wall = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  if (wall != date_of_line) {
    date_of_line = wall;
    date_line = date_line_of(wall);
  }
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] != nullptr && slots[i]->deadline <= now) end_overdue(*slots[i]);
  }
  if (is_stopping && accepted_count + refused_count == 0) return;
  sweep_timer.expires_after(sweep_period);
  sweep_timer.async_wait([this](const ErrorCode& cancelled) {
    if (!cancelled) sweep();
  });
}

void HttpServer::Impl::end_overdue(Connection& c) {
  ErrorCode ignored;
  switch (c.phase) {
    case Phase::handshaking:
    case Phase::idle:
    case Phase::reading:
      c.is_late = true;
      static_cast<void>(c.socket.cancel(ignored));
      return;
    case Phase::answering:
      if (!c.waiting_for_answer) return;
      refuse(c, ServerRefusal::unanswered);
      std::exchange(c.waiting_for_answer, nullptr).resume();
      return;
    case Phase::writing:
    case Phase::lingering:
      c.is_killed = true;
      static_cast<void>(c.socket.cancel(ignored));
      return;
  }
}

// ---- The public face --------------------------------------------------------------------------------------

HttpServer::HttpServer(Options options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}

HttpServer::~HttpServer() {
  stop();
}

Result<void> HttpServer::start() {
  Result<void> bound = impl_->bind();
  if (!bound) return bound;
  impl_->mailbox->server = impl_.get();
  impl_->thread = std::thread([impl = impl_.get()] { impl->serve_until_stopped(); });
  return {};
}

std::uint16_t HttpServer::port() const {
  return impl_->bound_port;
}

void HttpServer::renew_tls(std::shared_ptr<const TlsIdentity> identity) {
  const std::lock_guard lock(impl_->tls_mutex);
  impl_->tls = std::move(identity);
}

void HttpServer::stop(std::chrono::milliseconds grace) {
  const std::lock_guard lock(impl_->stop_mutex);
  if (!impl_->thread.joinable()) return;
  asio::post(impl_->io, [impl = impl_.get(), grace] { impl->begin_stop(grace); });
  impl_->thread.join();
}

}  // namespace jobrun::net
