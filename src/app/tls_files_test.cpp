#include "tls_files.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <vector>

#include "certificates/test_certificate.hpp"
#include "system_clock.hpp"

namespace jobrun::app {
namespace {

using net::make_test_certificate;
using net::TestCertificate;

class Lines : public Log {
 public:
  void write(const LogLine& line) override { lines.push_back(line); }
  std::vector<LogLine> lines;
};

class TlsFilesTest : public testing::Test {
 protected:
  TlsFilesTest() {
    std::string pattern = testing::TempDir() + "tls_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    settings_.tls_certificate_file = folder_ / "certificate.pem";
    settings_.tls_key_file = folder_ / "key.pem";
  }
  ~TlsFilesTest() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& certificate, const std::string& key) {
    std::ofstream(settings_.tls_certificate_file) << certificate;
    std::ofstream(settings_.tls_key_file) << key;
  }
  std::string problem() {
    const Result<TlsIdentity> loaded = load_tls(settings_, clock_);
    return loaded ? "" : loaded.error().message;
  }

  std::filesystem::path folder_;
  Settings settings_;
  SystemClock clock_;
  Lines log_;
  int renewed_ = 0;
  TlsFiles::Renew renew_ = [this](const TlsIdentity& identity) { renewed_ += identity != nullptr ? 1 : 0; };
};

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

// Goal: whoever starts the service is told which file is wrong, and how.
// Method: each file missing, a folder, too large, not the other's; then right; then none in the settings.
TEST_F(TlsFilesTest, TellsWhichFileIsWrong) {
  const TestCertificate good = make_test_certificate("one");
  EXPECT_EQ(problem(), "tls_certificate_file: cannot read " + settings_.tls_certificate_file.string());
  std::ofstream(settings_.tls_certificate_file) << good.certificate;
  EXPECT_EQ(problem(), "tls_key_file: cannot read " + settings_.tls_key_file.string());
  write(good.certificate, make_test_certificate("two").key);
  EXPECT_SAYS(problem(), settings_.tls_key_file.string() + ": the key is not the certificate's");
  write(good.certificate + std::string(secret_bytes_max, '\n'), good.key);
  EXPECT_SAYS(problem(), "is larger than");
  write(good.certificate, good.key);
  EXPECT_EQ(problem(), "");
  settings_.tls_key_file = folder_;
  EXPECT_SAYS(problem(), "is a directory");
  settings_.tls_certificate_file.clear();
  EXPECT_EQ(problem(), "");
}

// Goal: a pair that has changed is taken up once, and one that could not serve changes nothing and is told once.
// Method: looks without a change; a key that is not the certificate's; then its own, as whoever replaces one file
// after the other leaves them; files that are gone.
TEST_F(TlsFilesTest, TakesUpWhatHasChangedAndKeepsWhatServes) {
  const TestCertificate one = make_test_certificate("one");
  const TestCertificate two = make_test_certificate("two");
  write(one.certificate, one.key);
  TlsFiles files(settings_, renew_, clock_, log_);
  files.look();
  EXPECT_EQ(renewed_, 0);
  EXPECT_TRUE(log_.lines.empty());
  for (int look = 0; look < 3; ++look) {
    write(two.certificate, one.key);
    files.look();
  }
  EXPECT_EQ(renewed_, 0);
  ASSERT_EQ(log_.lines.size(), 1u);
  EXPECT_EQ(log_.lines.back().level, LogLevel::error);
  for (int look = 0; look < 3; ++look) {
    write(two.certificate, two.key);
    files.look();
  }
  EXPECT_EQ(renewed_, 1);
  ASSERT_EQ(log_.lines.size(), 2u);
  EXPECT_EQ(log_.lines.back().message, "certificate replaced");
  std::filesystem::remove_all(folder_);
  files.look();
  EXPECT_EQ(renewed_, 1);
  ASSERT_EQ(log_.lines.size(), 3u);
  EXPECT_EQ(log_.lines.back().level, LogLevel::error);
}

// Goal: a pair that is not valid yet is told once, and taken up when it is. Method: a clock before its beginning.
TEST_F(TlsFilesTest, TakesUpAPairThatBecomesValid) {
  struct SteppedClock final : Clock {
    Instant now() const override { return at; }
    std::chrono::nanoseconds monotonic() const override { return std::chrono::nanoseconds{0}; }
    Instant at{};
  };
  const TestCertificate one = make_test_certificate("one");
  const TestCertificate two = make_test_certificate("two");
  write(one.certificate, one.key);
  SteppedClock clock;
  clock.at = clock_.now() - std::chrono::hours{24 * 365};
  TlsFiles files(settings_, renew_, clock, log_);
  write(two.certificate, two.key);
  for (int look = 0; look < 3; ++look) files.look();
  EXPECT_EQ(renewed_, 0);
  EXPECT_EQ(log_.lines.size(), 1u);
  clock.at = clock_.now();
  files.look();
  files.look();
  EXPECT_EQ(renewed_, 1);
  EXPECT_EQ(log_.lines.size(), 2u);
}

}  // namespace
}  // namespace jobrun::app
