#include "media.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "practice_test_support.hpp"

namespace jobrun::carrier {
namespace {

const std::string account_url = "https://api.example/2010-04-01/Accounts/AC1/";
const std::string picture = account_url + "Messages/MM1/Media/ME1";

/// A carrier whose answers are made by hand, and what it was asked.
class TwilioMedia : public testing::Test {
 protected:
  TwilioMedia() {
    options.api_url = "https://api.example";
    options.account_sid = "AC1";
    options.auth_token = "secret";
  }
  Result<Media> fetch(const std::string& url, std::size_t bytes_max = 100) {
    TwilioCarrier carrier(
        [this](net::ClientRequest request, const net::HttpClient::Done& done) {
          const auto found = answers.find(request.url);
          asked.push_back(std::move(request));
          done(found == answers.end() ? answered_with("", 404) : found->second);
        },
        options);
    std::optional<Result<Media>> told;
    carrier.fetch_media(url, bytes_max, [&](Result<Media> media) { told = std::move(media); });
    if (!told) throw std::runtime_error("never answered");
    return *std::move(told);
  }
  static net::ClientResult leading_to(const std::string& url) {
    net::ClientResult result = answered_with("", 307);
    result.response.headers.emplace_back("Location", url);
    return result;
  }

  TwilioCarrier::Options options;
  std::map<std::string, net::ClientResult> answers;
  std::vector<net::ClientRequest> asked;
};

// Goal: what the carrier keeps comes with its type, asked for with our credentials, which nobody else is shown.
// Method: a link that leads on to a store.
TEST_F(TwilioMedia, ComesFromTheStoreThatKnowsNothingOfUs) {
  answers[picture] = leading_to("https://store.example/1?signature=x");
  answers["https://store.example/1?signature=x"] = answered_with("bytes");
  answers["https://store.example/1?signature=x"].response.headers.emplace_back("Content-Type", "image/jpeg");
  const Result<Media> media = fetch(picture);
  ASSERT_TRUE(media) << media.error().message;
  EXPECT_EQ(media->type, "image/jpeg");
  EXPECT_EQ(media->bytes, "bytes");
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].user, "AC1");
  EXPECT_EQ(asked[0].password, "secret");
  EXPECT_EQ(asked[1].user, "");
  EXPECT_EQ(asked[1].password, "");
}

// Goal: nothing is asked for that is no media of our account at the carrier. Method: links to others, to other
// accounts, to other resources, and with ways out of them.
TEST_F(TwilioMedia, NothingElseIsAskedFor) {
  for (const std::string& url :
       {std::string("https://evil.example/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"),
        std::string("https://api.example.evil.example/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"),
        std::string("https://api.example/2010-04-01/Accounts/AC2/Messages/MM1/Media/ME1"),
        account_url + "Messages/MM1", account_url + "Calls/CA1/Media/ME1", account_url + "Messages/../Media/ME1",
        picture + "?x=1", picture + "#x", picture + " ", std::string()}) {
    const Result<Media> media = fetch(url);
    ASSERT_FALSE(media) << url;
    EXPECT_EQ(media.error().kind, ErrorKind::invalid) << url;
  }
  EXPECT_TRUE(asked.empty());
  EXPECT_FALSE(is_own_media({.account_sid = ""}, "https://api.twilio.com/2010-04-01/Accounts//Recordings/RE1"));
  EXPECT_TRUE(is_own_media(options, account_url + "Recordings/RE1.mp3"));
}

// Goal: whatever the carrier answers ends in one answer that says what to do. Method: gone, refused, failing, too
// large, cut off, in a circle, to no https link.
TEST_F(TwilioMedia, EachAnswerIsTold) {
  const auto kind_of = [&](net::ClientResult answer) {
    answers[picture] = std::move(answer);
    const Result<Media> media = fetch(picture);
    return media ? std::nullopt : std::optional(media.error().kind);
  };
  EXPECT_EQ(kind_of(answered_with("x")), std::nullopt);
  EXPECT_EQ(kind_of(answered_with("", 404)), ErrorKind::not_found);
  EXPECT_EQ(kind_of(answered_with("", 410)), ErrorKind::not_found);
  EXPECT_EQ(kind_of(answered_with("", 401)), ErrorKind::unavailable);
  EXPECT_EQ(kind_of(answered_with("", 500)), ErrorKind::unavailable);
  EXPECT_EQ(kind_of(answered_with(std::string(101, 'x'))), ErrorKind::invalid);
  EXPECT_EQ(kind_of({net::ClientResult::Kind::unknown, {}, "cut off"}), ErrorKind::unavailable);
  net::ClientResult huge{net::ClientResult::Kind::unknown, {}, "the response is larger than allowed"};
  huge.is_too_large = true;
  EXPECT_EQ(kind_of(std::move(huge)), ErrorKind::invalid);
  EXPECT_EQ(kind_of(leading_to("http://store.example/1")), ErrorKind::invalid);
  EXPECT_EQ(kind_of(leading_to("")), ErrorKind::invalid);
  asked.clear();
  EXPECT_EQ(kind_of(leading_to(picture)), ErrorKind::unavailable);
  EXPECT_LE(asked.size(), 4U);
}

}  // namespace
}  // namespace jobrun::carrier
