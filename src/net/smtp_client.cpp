#include "net/smtp_client.hpp"

#include <curl/curl.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "curl_library.hpp"

namespace jobrun::net {
namespace {

constexpr std::string_view stopped = "the client was stopped";
constexpr long first_refusing_reply = 400;

struct Letter {
  Mail mail;
  SmtpClient::Done done;
};

/// What libcurl reads of a message.
struct Reading {
  std::string text;
  std::size_t read = 0;
};

std::size_t on_read(char* place, std::size_t, std::size_t room, void* context) {
  auto& reading = *static_cast<Reading*>(context);
  const std::size_t count = std::min(room, reading.text.size() - reading.read);
  std::memcpy(place, reading.text.data() + reading.read, count);
  reading.read += count;
  return count;
}

/// What the server says is none of the log's.
std::size_t on_reply(char*, std::size_t, std::size_t count, void*) {
  return count;
}

int on_progress(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(context)->load() ? 1 : 0;
}

MailResult result_of(CURL* easy, CURLcode code, const Reading& reading, const char* words) {
  if (code == CURLE_OK) return {MailResult::Kind::accepted, {}};
  long reply = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply);
  MailResult result;
  result.reason = *words != '\0' ? words : curl_easy_strerror(code);
  const bool is_answer = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
                         code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_REMOTE_ACCESS_DENIED;
  if (is_answer && reply >= first_refusing_reply) {
    result.kind = MailResult::Kind::refused;
  } else {
    result.kind = reading.read == 0 ? MailResult::Kind::not_reached : MailResult::Kind::unknown;
  }
  return result;
}

}  // namespace

struct SmtpClient::Impl {
  explicit Impl(Options options_given) : options(std::move(options_given)) {
    initialise_curl_once();
    easy = curl_easy_init();
    if (easy == nullptr) throw std::bad_alloc();
    thread = std::thread([this] { run(); });
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    {
      const std::lock_guard lock(mutex);
      is_stopping = true;
    }
    changed.notify_all();
    thread.join();
    for (const Letter& letter : waiting) letter.done({MailResult::Kind::not_reached, std::string(stopped)});
    curl_easy_cleanup(easy);
  }

  void send(Letter letter) {
    {
      const std::lock_guard lock(mutex);
      if (waiting.size() < options.waiting_max) {
        waiting.push_back(std::move(letter));
        changed.notify_all();
        return;
      }
    }
    letter.done({MailResult::Kind::not_reached, "too many mails are waiting"});
  }

 private:
  void run() {
    pthread_setname_np(pthread_self(), "smtp-client");
    block_broken_pipe_signal();
    while (true) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return is_stopping || !waiting.empty(); });
      if (is_stopping) return;
      const Letter letter = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      letter.done(perform(letter.mail));
    }
  }

  MailResult perform(const Mail& mail) {
    curl_easy_reset(easy);
    Reading reading{mail_text(mail), 0};
    std::array<char, CURL_ERROR_SIZE> words{};
    const std::string from = "<" + mail.from + ">";
    curl_slist* const recipients = curl_slist_append(nullptr, ("<" + mail.to + ">").c_str());
    if (recipients == nullptr) throw std::bad_alloc();
    configure(mail, from, recipients, reading, words.data());
    const CURLcode code = curl_easy_perform(easy);
    curl_slist_free_all(recipients);
    return result_of(easy, code, reading, words.data());
  }

  void configure(const Mail& mail, const std::string& from, curl_slist* recipients, Reading& reading,
                 char* words) {
    // The path is the name that we greet the server with.
    const std::string url = options.url + "/" + std::string(domain_of(mail.from));
    set(easy, CURLOPT_URL, url.c_str());
    set(easy, CURLOPT_ERRORBUFFER, words);
    set(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(easy, CURLOPT_PROXY, "");
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_USE_SSL, static_cast<long>(options.needs_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options.ca_file.empty()) set(easy, CURLOPT_CAINFO, options.ca_file.c_str());
    if (!options.user.empty()) {
      set(easy, CURLOPT_USERNAME, options.user.c_str());
      set(easy, CURLOPT_PASSWORD, options.password.c_str());
    }
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
    // Without it libcurl waits minutes for the answer to its farewell.
    set(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(options.answer_timeout.count()));
    set(easy, CURLOPT_FORBID_REUSE, 1L);
    set(easy, CURLOPT_MAIL_FROM, from.c_str());
    set(easy, CURLOPT_MAIL_RCPT, recipients);
    set(easy, CURLOPT_UPLOAD, 1L);
    set(easy, CURLOPT_READFUNCTION, &on_read);
    set(easy, CURLOPT_READDATA, &reading);
    set(easy, CURLOPT_WRITEFUNCTION, &on_reply);
    set(easy, CURLOPT_NOPROGRESS, 0L);
    set(easy, CURLOPT_XFERINFOFUNCTION, &on_progress);
    set(easy, CURLOPT_XFERINFODATA, &is_stopping);
  }

  const Options options;
  CURL* easy = nullptr;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Letter> waiting;
  std::atomic<bool> is_stopping{false};
  std::thread thread;
};

SmtpClient::SmtpClient(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

SmtpClient::~SmtpClient() = default;

void SmtpClient::send(Mail mail, Done done) {
  if (!is_mail_address(mail.from) || !is_mail_address(mail.to)) {
    return done({MailResult::Kind::refused, "an address is malformed"});
  }
  impl_->send({std::move(mail), std::move(done)});
}

}  // namespace jobrun::net
