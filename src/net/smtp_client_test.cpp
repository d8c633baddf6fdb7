#include "net/smtp_client.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "test_socket.hpp"

namespace jobrun::net {
namespace {

using Kind = MailResult::Kind;

Mail a_mail() {
  return {.from = "jobrun@example.com",
          .to = "operator@example.com",
          .subject = "JobRun: call back",
          .body = "Call +14155550101 back.\n",
          .message_id = "alert17-1767434400250",
          .date = from_unix_ms(1'767'434'400'250)};
}

using Script = std::map<std::string, std::string>;

/// A mail server as scripted: it answers a command that begins with a word as told, else with a friendly reply.
/// An empty reply means that it hangs up; "..." that it says nothing any more.
class MailServer {
 public:
  explicit MailServer(Script script = {}) : script_(std::move(script)) {
    thread_ = std::thread([this] { run(); });
  }
  ~MailServer() {
    is_stopping_ = true;
    TestSocket::connect(listener_.port());
    thread_.join();
  }
  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(listener_.port()); }
  /// What was said by clients, and the messages.
  std::vector<std::string> commands() const {
    const std::lock_guard lock(mutex_);
    return commands_;
  }
  std::vector<std::string> messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
  }

 private:
  std::string reply_to(const std::string& line) const {
    for (const auto& [begin, reply] : script_) {
      if (line.starts_with(begin)) return reply;
    }
    if (line == "hello") return "220 test";
    if (line.starts_with("EHLO")) return "250-test\r\n250 AUTH PLAIN";
    if (line.starts_with("DATA")) return "354 go on";
    return line.starts_with("QUIT") ? "221 bye" : "250 fine";
  }
  /// False: the conversation is over.
  bool say(TestSocket& socket, const std::string& line) const {
    const std::string reply = reply_to(line);
    if (reply == "...") {
      socket.read_to_end();
      return false;
    }
    return !reply.empty() && socket.write(reply + "\r\n");
  }
  void converse(TestSocket& socket) {
    if (!say(socket, "hello")) return;
    while (std::optional<std::string> line = socket.read_line()) {
      note(*line);
      if (!say(socket, *line)) return;
      if (!line->starts_with("DATA") || !reply_to(*line).starts_with("354")) continue;
      std::string message;
      while ((line = socket.read_line()) && *line != ".") message += *line + "\n";
      const std::lock_guard lock(mutex_);
      messages_.push_back(message);
      if (!line || !say(socket, "message")) return;
    }
  }
  void note(const std::string& line) {
    const std::lock_guard lock(mutex_);
    commands_.push_back(line);
  }
  void run() {
    for (;;) {
      TestSocket socket = listener_.accept();
      if (is_stopping_) return;
      converse(socket);
    }
  }

  Script script_;
  TestSocket listener_ = TestSocket::listen();
  std::atomic<bool> is_stopping_ = false;
  mutable std::mutex mutex_;
  std::vector<std::string> commands_;
  std::vector<std::string> messages_;
  std::thread thread_;
};

MailResult send(SmtpClient::Options options, Mail mail = a_mail()) {
  SmtpClient client(std::move(options));
  std::promise<MailResult> said;
  client.send(std::move(mail), [&](MailResult result) { said.set_value(std::move(result)); });
  return said.get_future().get();
}

MailResult send_in_clear(const MailServer& server) {
  return send({.url = server.url(), .needs_tls = false});
}

// Goal: a mail arrives as it was written, from and to whom it should.
// Method: a server on this machine; what it was told.
TEST(SmtpClient, DeliversAMail) {
  const MailServer server;
  const MailResult result = send_in_clear(server);
  EXPECT_EQ(result.kind, Kind::accepted) << result.reason;
  ASSERT_EQ(server.messages().size(), 1U);
  EXPECT_EQ(server.messages()[0],
            "From: <jobrun@example.com>\nTo: <operator@example.com>\nSubject: JobRun: call back\n"
            "Date: Sat, 03 Jan 2026 10:00:00 +0000\nMessage-ID: <alert17-1767434400250@example.com>\n"
            "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n"
            "Auto-Submitted: auto-generated\n\nQ2FsbCArMTQxNTU1NTAxMDEgYmFjay4K\n");
  const std::vector<std::string> commands = server.commands();
  ASSERT_GE(commands.size(), 3U);
  EXPECT_EQ(commands[0], "EHLO example.com");
  EXPECT_TRUE(commands[1].starts_with("MAIL FROM:<jobrun@example.com>"));
  EXPECT_EQ(commands[2], "RCPT TO:<operator@example.com>");
}

// Goal: what became of a mail is told apart: refused, not reached, or perhaps delivered.
// Method: rows of what the server says and where it falls silent or hangs up.
TEST(SmtpClient, TellsWhatBecameOfAMail) {
  struct Row {
    std::string command, reply;
    Kind kind;
  };
  const std::vector<Row> rows = {
      {"hello", "", Kind::not_reached},       {"hello", "...", Kind::not_reached},
      {"MAIL", "550 not you", Kind::refused}, {"RCPT", "550 nobody here", Kind::refused},
      {"DATA", "451 not now", Kind::refused}, {"message", "554 spam", Kind::refused},
      {"message", "", Kind::unknown},         {"message", "...", Kind::unknown},
  };
  for (const Row& row : rows) {
    const MailServer server(Script{{row.command, row.reply}});
    const std::chrono::seconds patience{row.reply == "..." ? 1 : 15};
    const MailResult result =
        send({.url = server.url(), .needs_tls = false, .timeout = patience, .answer_timeout = patience});
    EXPECT_EQ(result.kind, row.kind) << row.command << " " << row.reply << ": " << result.reason;
    EXPECT_FALSE(result.reason.empty());
  }
  EXPECT_EQ(send({.url = "smtp://127.0.0.1:1", .needs_tls = false}).kind, Kind::not_reached);
}

// Goal: nothing of a mail, and no password, leaves over a connection that others can read.
// Method: a server that offers no TLS, where TLS is needed.
TEST(SmtpClient, WritesNothingInClearUnlessTold) {
  const MailServer server;
  const MailResult result = send({.url = server.url(), .user = "jobrun", .password = "hush"});
  EXPECT_EQ(result.kind, Kind::not_reached);
  EXPECT_TRUE(server.messages().empty());
  for (const std::string& command : server.commands()) {
    EXPECT_FALSE(command.starts_with("AUTH") || command.starts_with("MAIL")) << command;
  }
}

// Goal: a sign-in that the server refuses is no refusal of the mail, and the password is in no reason.
// Method: a server that refuses it.
TEST(SmtpClient, TellsARefusedSignIn) {
  const MailServer server(Script{{"AUTH", "535 wrong"}});
  const MailResult result = send({.url = server.url(), .user = "jobrun", .password = "hush", .needs_tls = false});
  EXPECT_EQ(result.kind, Kind::not_reached);
  EXPECT_EQ(result.reason.find("hush"), std::string::npos);
}

// Goal: every mail has an end, also of those that wait while the client is destroyed, or are too many.
// Method: a server that says nothing; three mails with room for one to wait; the client goes.
TEST(SmtpClient, EndsEveryMail) {
  const MailServer server(Script{{"hello", "..."}});
  std::mutex mutex;
  std::vector<Kind> ends;
  {
    SmtpClient client(
        {.url = server.url(), .needs_tls = false, .answer_timeout = std::chrono::seconds(1), .waiting_max = 1});
    for (int i = 0; i < 4; ++i) {
      client.send(a_mail(), [&](const MailResult& result) {
        const std::lock_guard lock(mutex);
        ends.push_back(result.kind);
      });
    }
  }
  EXPECT_EQ(ends, std::vector<Kind>(4, Kind::not_reached));
}

// Goal: an address that means something to a mail server, or in a header, is none.
// Method: rows.
TEST(MailMessage, KnowsAddresses) {
  for (const char* good : {"a@b", "operator+alerts@mail.example.com", "o'brien@example.com"}) {
    EXPECT_TRUE(is_mail_address(good)) << good;
  }
  for (const char* bad : {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "a@b,c@d",
                          "a@b>", "\"a\"@b", "a@b_c", "a\x7f@b", "\xc3\xa4@b"}) {
    EXPECT_FALSE(is_mail_address(bad)) << bad;
  }
  EXPECT_FALSE(is_mail_address(std::string(254, 'a') + "@b"));
  EXPECT_EQ(send({.url = "smtp://127.0.0.1:1"},
                 [] {
                   Mail mail = a_mail();
                   mail.to = "a@b\r\nRCPT TO:<x@y>";
                   return mail;
                 }())
                .kind,
            Kind::refused);
}

// Goal: no words of an alert can become a header, or end the message.
// Method: any bytes in subject, body and id: the headers are those that belong there, in lines of ASCII of a
// length that mail allows; a subject with line ends and a header in it.
RC_GTEST_PROP(MailMessage, HasNoHeaderButItsOwn, (const std::string& words)) {
  Mail mail = a_mail();
  mail.subject = words + "\r\nBcc: thief@example.com\r\n\r\nbody";
  mail.body = "\r\n.\r\n" + words;
  mail.message_id = words + ">\r\nBcc: <thief@example.com";
  const std::string text = mail_text(mail);
  std::vector<std::string> names;
  std::size_t at = 0;
  bool is_header = true;
  while (at < text.size()) {
    const std::size_t end = text.find("\r\n", at);
    RC_ASSERT(end != std::string::npos);
    const std::string line = text.substr(at, end - at);
    at = end + 2;
    RC_ASSERT(line.size() <= 78U + 200U);
    RC_ASSERT(line != ".");
    for (const char c : line) RC_ASSERT(c >= 0x20 && c < 0x7F);
    if (line.empty()) is_header = false;
    if (is_header && !line.starts_with(' ')) names.push_back(line.substr(0, line.find(':')));
  }
  RC_ASSERT(names == (std::vector<std::string>{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version",
                                               "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted"}));
}

// Goal: a subject that is not plain ASCII is read as it was meant, on short lines.
// Method: an umlaut; a long one; one that looks like an encoded word.
TEST(MailMessage, EncodesSubjects) {
  const auto subject_of = [](std::string subject) {
    Mail mail = a_mail();
    mail.subject = std::move(subject);
    const std::string text = mail_text(mail);
    const std::size_t begin = text.find("Subject: ") + 9;
    return text.substr(begin, text.find("\r\nDate: ") - begin);
  };
  EXPECT_EQ(subject_of("Müller"), "=?UTF-8?B?TcO8bGxlcg==?=");
  EXPECT_EQ(subject_of("=?UTF-8?B?eA==?="), "=?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=");
  const std::string long_one = subject_of(std::string(500, 'x'));
  EXPECT_LT(long_one.size(), 400U);
  EXPECT_NE(long_one.find("\r\n =?UTF-8?B?"), std::string::npos);
}

}  // namespace
}  // namespace jobrun::net
