// The client: libcurl's multi interface on one thread.
//
// libcurl repeats a request by itself, also a POST, when a reused connection closes before the first byte of
// a response. A text would then be sent twice. So every attempt passes `before_request`, which refuses the
// second one of any request of which a byte has left. Whether one has, libcurl counts
// (CURLINFO_REQUEST_SIZE), and that count alone tells `not_written` from `unknown`.
#include "net/http_client.hpp"

#include <curl/curl.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base64.hpp"
#include "curl_library.hpp"

namespace jobrun::net {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds poll_time_max{1'000};
/// How often waiting requests are looked at for being too late.
constexpr Milliseconds expiry_period{250};
constexpr std::size_t easy_handles_kept = 256;
constexpr std::string_view too_late = "it waited too long for its turn";
constexpr std::string_view stopped = "the client was stopped";

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool is_header(std::string_view name) {
  return !name.empty() && !has_control_character(name) && name.find_first_of(": ;") == name.npos;
}

/// Why a request cannot be sent as it stands, or empty.
std::string_view flaw_of(const ClientRequest& request) {
  if (request.method.empty() || has_control_character(request.method) || request.method.contains(' ')) {
    return "the method is malformed";
  }
  if (request.method == "HEAD" && !request.body.empty()) return "a HEAD request has no body";
  if (has_control_character(request.url) || request.url.contains(' ')) return "the URL is malformed";
  for (const auto& [name, value] : request.headers) {
    if (!is_header(name) || has_control_character(value)) return "a header is malformed";
  }
  return {};
}

/// A request from its start to its end; `easy` refers to it by address.
struct Transfer {
  ClientRequest request;
  HttpClient::Done done;
  SteadyTime sent_at;
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
  curl_slist* connect_to = nullptr;
  ClientResponse response;
  std::size_t received_bytes = 0;
  bool is_too_large = false;
  bool is_header_whole = false;  ///< the empty line after it has been seen: libcurl takes half a header for one
  std::array<char, CURL_ERROR_SIZE> error{};

  bool take(std::size_t bytes) {
    received_bytes += bytes;
    is_too_large = received_bytes > request.response_bytes_max;
    return !is_too_large;
  }
};

/// Called before each attempt's first byte. See the top of this file.
int before_request(void* context, char*, char*, int, int) {
  long written = 0;
  curl_easy_getinfo(static_cast<Transfer*>(context)->easy, CURLINFO_REQUEST_SIZE, &written);
  return written == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

std::size_t on_body(char* data, std::size_t, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  if (!transfer.take(count)) return 0;
  transfer.response.body.append(data, count);
  return count;
}

std::size_t on_header(char* data, std::size_t, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  if (!transfer.take(count)) return 0;
  std::string_view line(data, count);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    transfer.response.headers.clear();  // what came before was an interim response
    transfer.is_header_whole = false;
    return count;
  }
  if (line.empty()) transfer.is_header_whole = true;
  const std::size_t colon = line.find(':');
  if (colon == line.npos) return count;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  transfer.response.headers.emplace_back(line.substr(0, colon), value);
  return count;
}

void append(curl_slist*& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list, line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  list = longer;
}

curl_slist* headers_of(const ClientRequest& request) {
  curl_slist* list = nullptr;
  bool has_type = false;
  for (const auto& [name, value] : request.headers) {
    std::string line = name;
    line += value.empty() ? ";" : ": ";
    line += value;
    append(list, line);
    has_type = has_type || curl_strequal(name.c_str(), "Content-Type") != 0;
  }
  // Made here and not by libcurl, whose own handling may ask twice.
  if (!request.user.empty()) {
    append(list, "Authorization: Basic " + base64(request.user + ":" + request.password));
  }
  append(list, "Expect:");  // a pause of a second for a carrier that does not know it
  if (!has_type) append(list, "Content-Type:");
  return list;
}

void set_method(CURL* easy, const ClientRequest& request) {
  const bool has_body = !request.body.empty();
  if (request.method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  if (has_body || request.method == "POST") {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.data());
  } else {
    set(easy, CURLOPT_HTTPGET, 1L);
  }
  if (request.method != (has_body ? "POST" : "GET")) set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void configure(Transfer& transfer, const HttpClient::Options& options, Milliseconds time_left) {
  CURL* const easy = transfer.easy;
  const ClientRequest& request = transfer.request;
  transfer.headers = headers_of(request);
  set(easy, CURLOPT_PRIVATE, &transfer);
  set(easy, CURLOPT_ERRORBUFFER, transfer.error.data());
  set(easy, CURLOPT_URL, request.url.c_str());
  set_method(easy, request);
  set(easy, CURLOPT_HTTPHEADER, transfer.headers);
  set(easy, CURLOPT_HEADERFUNCTION, &on_header);
  set(easy, CURLOPT_HEADERDATA, &transfer);
  set(easy, CURLOPT_WRITEFUNCTION, &on_body);
  set(easy, CURLOPT_WRITEDATA, &transfer);
  set(easy, CURLOPT_PREREQFUNCTION, &before_request);
  set(easy, CURLOPT_PREREQDATA, &transfer);
  // HTTP/2 would multiplex, and repeats requests on its own account.
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(easy, CURLOPT_PROXY, "");
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy, CURLOPT_MAXAGE_CONN, static_cast<long>(options.idle_connection_max.count()));
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(time_left.count()));
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (request.wants_certificate_end) set(easy, CURLOPT_CERTINFO, 1L);
  if (!options.ca_file.empty()) set(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  if (!options.connect_to.empty()) {
    append(transfer.connect_to, "::" + options.connect_to);  // from any host and port
    set(easy, CURLOPT_CONNECT_TO, transfer.connect_to);
  }
}

ClientResult not_written(std::string reason) {
  return {ClientResult::Kind::not_written, {}, std::move(reason)};
}

/// Of the peer's own certificate, the first of its chain: `Expire date:Jan  3 10:00:00 2027 GMT`.
std::optional<std::chrono::sys_seconds> certificate_end_of(CURL* easy) {
  const curl_certinfo* chain = nullptr;
  if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == nullptr) return std::nullopt;
  if (chain->num_of_certs < 1) return std::nullopt;
  constexpr std::string_view name = "Expire date:";
  for (const curl_slist* line = chain->certinfo[0]; line != nullptr; line = line->next) {
    const std::string text = line->data;
    if (!text.starts_with(name)) continue;
    const std::time_t end = curl_getdate(text.c_str() + name.size(), nullptr);
    if (end == -1) return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(end));
  }
  return std::nullopt;
}

ClientResult result_of(Transfer& transfer, CURLcode code, std::string_view why_aborted = {}) {
  long written = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_REQUEST_SIZE, &written);
  ClientResult result;
  long status = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_OK && transfer.is_header_whole && status >= 200) {
    result.kind = ClientResult::Kind::answered;
    result.response = std::move(transfer.response);
    result.response.status = static_cast<int>(status);
    if (transfer.request.wants_certificate_end) result.certificate_end = certificate_end_of(transfer.easy);
    return result;
  }
  result.is_untrusted = code == CURLE_PEER_FAILED_VERIFICATION;
  result.is_too_large = transfer.is_too_large;
  result.kind = written == 0 ? ClientResult::Kind::not_written : ClientResult::Kind::unknown;
  if (!why_aborted.empty()) {
    result.reason = why_aborted;
  } else if (transfer.is_too_large) {
    result.reason = "the response is larger than allowed";
  } else if (code == CURLE_OK) {
    result.reason = "the connection closed within the header of the response";
  } else if (code == CURLE_ABORTED_BY_CALLBACK) {
    result.reason = "the connection closed after the request was written";
  } else {
    result.reason = transfer.error[0] != '\0' ? transfer.error.data() : curl_easy_strerror(code);
  }
  return result;
}

}  // namespace

struct HttpClient::Impl {
  explicit Impl(Options options_given) : options(std::move(options_given)) {
    initialise_curl_once();
    multi = curl_multi_init();
    if (multi == nullptr) throw std::bad_alloc();
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(options.connections_per_host_max));
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(options.connections_per_host_max * 4));
    thread = std::thread([this] { run(); });
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    {
      const std::lock_guard lock(mutex);
      is_stopping = true;
    }
    curl_multi_wakeup(multi);
    thread.join();
    for (CURL* const easy : idle_handles) curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }

  void send(std::unique_ptr<Transfer> transfer) {
    {
      const std::lock_guard lock(mutex);
      if (!is_stopping) {
        const bool must_wake = incoming.empty();
        incoming.push_back(std::move(transfer));
        if (must_wake) curl_multi_wakeup(multi);
        return;
      }
    }
    transfer->done(not_written(std::string(stopped)));
  }

 private:
  void run() {
    pthread_setname_np(pthread_self(), "http-client");
    block_broken_pipe_signal();
    while (!take_incoming()) {
      expire_waiting();
      start_waiting();
      int running = 0;
      curl_multi_perform(multi, &running);
      finish_ended();
      if (waiting.empty()) {
        wait_at_most(poll_time_max);
      } else if (in_flight.size() >= options.in_flight_max) {
        wait_at_most(expiry_period);
      }
    }
    abort_all();
  }

  void wait_at_most(Milliseconds time) {
    curl_multi_poll(multi, nullptr, 0, static_cast<int>(time.count()), nullptr);
  }

  /// Ends the waiting requests whose time is over, so that they do not wait for a place to be told so.
  void expire_waiting() {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (waiting.empty() || now < next_expiry) return;
    next_expiry = now + expiry_period;
    std::deque<std::unique_ptr<Transfer>> in_time;
    for (std::unique_ptr<Transfer>& transfer : waiting) {
      if (now - transfer->sent_at < transfer->request.timeout) {
        in_time.push_back(std::move(transfer));
      } else {
        taken.push_back(std::move(transfer));
      }
    }
    waiting = std::move(in_time);
    for (const std::unique_ptr<Transfer>& transfer : taken) transfer->done(not_written(std::string(too_late)));
    taken.clear();
  }

  /// True when the client is being destroyed.
  bool take_incoming() {
    {
      const std::lock_guard lock(mutex);
      if (is_stopping) return true;
      taken.swap(incoming);
    }
    for (std::unique_ptr<Transfer>& transfer : taken) {
      if (waiting.size() >= options.waiting_max) {
        transfer->done(not_written("too many requests are waiting"));
      } else {
        waiting.push_back(std::move(transfer));
      }
    }
    taken.clear();
    return false;
  }

  void start_waiting() {
    while (!waiting.empty() && in_flight.size() < options.in_flight_max) {
      std::unique_ptr<Transfer> transfer = std::move(waiting.front());
      waiting.pop_front();
      start(std::move(transfer));
    }
  }

  void start(std::unique_ptr<Transfer> transfer) {
    if (const std::string_view flaw = flaw_of(transfer->request); !flaw.empty()) {
      transfer->done(not_written(std::string(flaw)));
      return;
    }
    const auto waited =
        std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - transfer->sent_at);
    const Milliseconds time_left = transfer->request.timeout - waited;
    if (time_left <= Milliseconds{0}) {
      transfer->done(not_written(std::string(too_late)));
      return;
    }
    transfer->easy = take_easy_handle();
    configure(*transfer, options, time_left);
    if (const CURLMcode code = curl_multi_add_handle(multi, transfer->easy); code != CURLM_OK) {
      release(*transfer);
      transfer->done(not_written(curl_multi_strerror(code)));
      return;
    }
    in_flight.emplace(transfer->easy, std::move(transfer));
  }

  void finish_ended() {
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      finish(in_flight.find(message->easy_handle), code, {});
    }
  }

  void finish(std::unordered_map<CURL*, std::unique_ptr<Transfer>>::iterator entry, CURLcode code,
              std::string_view why_aborted) {
    const std::unique_ptr<Transfer> transfer = std::move(entry->second);
    in_flight.erase(entry);
    ClientResult result = result_of(*transfer, code, why_aborted);
    curl_multi_remove_handle(multi, transfer->easy);
    release(*transfer);
    transfer->done(std::move(result));
  }

  void abort_all() {
    while (!in_flight.empty()) finish(in_flight.begin(), CURLE_ABORTED_BY_CALLBACK, stopped);
    {
      const std::lock_guard lock(mutex);
      taken.swap(incoming);
    }
    for (std::unique_ptr<Transfer>& transfer : taken) waiting.push_back(std::move(transfer));
    for (const std::unique_ptr<Transfer>& transfer : waiting) transfer->done(not_written(std::string(stopped)));
  }

  CURL* take_easy_handle() {
    if (!idle_handles.empty()) {
      CURL* const easy = idle_handles.back();
      idle_handles.pop_back();
      return easy;
    }
    CURL* const easy = curl_easy_init();
    if (easy == nullptr) throw std::bad_alloc();
    return easy;
  }

  void release(Transfer& transfer) {
    if (idle_handles.size() < easy_handles_kept) {
      curl_easy_reset(transfer.easy);
      idle_handles.push_back(transfer.easy);
    } else {
      curl_easy_cleanup(transfer.easy);
    }
    transfer.easy = nullptr;
    curl_slist_free_all(transfer.headers);
    curl_slist_free_all(transfer.connect_to);
    transfer.headers = nullptr;
  }

  const Options options;
  CURLM* multi = nullptr;
  std::thread thread;

  std::mutex mutex;
  std::vector<std::unique_ptr<Transfer>> incoming;
  bool is_stopping = false;

  // The client's thread alone.
  std::vector<std::unique_ptr<Transfer>> taken;
  std::deque<std::unique_ptr<Transfer>> waiting;
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> in_flight;
  std::vector<CURL*> idle_handles;
  SteadyTime next_expiry{};
};

HttpClient::HttpClient(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

HttpClient::~HttpClient() = default;

void HttpClient::send(ClientRequest request, Done done) {
  auto transfer = std::make_unique<Transfer>();
  transfer->request = std::move(request);
  transfer->done = std::move(done);
  transfer->sent_at = std::chrono::steady_clock::now();
  impl_->send(std::move(transfer));
}

}  // namespace jobrun::net
