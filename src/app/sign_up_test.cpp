// Owners who sign up, through the service: real files, driven by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "conversations/script.hpp"
#include "sign_up_test_support.hpp"

namespace jobrun::app {
namespace {

namespace fs = std::filesystem;

/// The service, as a script's partner.
class ThroughTheService final : public conversations::Partner {
 public:
  ThroughTheService() {
    service_.clock.wall = from_unix_ms(1'767'441'600'000);
    number_arrives();
  }

  void owner_phone_is(E164 phone) override { owner_ = phone; }
  void invite_code_is(std::string_view code) override {
    service_.sign_up = {.activation = onboarding::Activation::invite_code, .invite_codes = {std::string(code)}};
    service_.restart();
  }
  void approval_is_manual() override {
    service_.sign_up = {.activation = onboarding::Activation::manual_approval, .invite_codes = {}};
    service_.restart();
  }

  void owner_texts(std::string_view words) override {
    service_.text(owner_, words);
    service_.run();
  }
  void time_passes(Duration span) override {
    const Duration step = span > std::chrono::hours{1} ? std::chrono::minutes{20} : std::chrono::minutes{1};
    for (Duration passed{0}; passed < span; passed += step) {
      service_.clock.advance(step);
      service_.look();
    }
  }
  void pool_is_empty() override {
    for (const PoolNumber& number : service_.reader().numbers({}, 100)) {
      if (number.is_available) service_.remove_number(number.number);
    }
  }
  void number_arrives() override {
    constexpr std::array<std::uint64_t, 6> pool = {14155550100,  15125550100, 441134960100,
                                                   442079460100, 61255501234, 35315550100};
    for (const std::uint64_t digits : pool) service_.add_number(E164::from_digits(digits));
    service_.clock.advance(std::chrono::seconds{2});
    service_.look();
  }
  void operator_approves() override {
    service_.change([this](StoreBatch& batch, Instant now) { return batch.approve_onboarding(owner_, now); });
    service_.clock.advance(std::chrono::seconds{2});
    service_.look();
  }
  void restart() override { service_.restart(); }
  void call_is_forwarded() override { service_.call(*number(), owner_); }
  void call_comes_directly() override { service_.call(*number(), std::nullopt); }

  std::vector<std::string> heard() override {
    std::vector<std::string> lines;
    for (; heard_ < service_.carrier.sent.size(); ++heard_) {
      const OutgoingText& text = service_.carrier.sent[heard_];
      if (text.recipient != owner_) continue;
      EXPECT_EQ(text.sender, sign_up_number);
      lines.push_back("jobrun: " + conversations::escaped(text.body));
    }
    const auto alerts =
        service_.reader().due_alerts(AlertWay::webhook, service_.clock.now() + std::chrono::hours{1}, 100);
    for (const AlertRecord& alert : alerts) {
      const AlertKind kind = alert.request.kind;
      const bool is_attention = kind == AlertKind::onboarding_attention || kind == AlertKind::number_pool_empty;
      if (!is_attention || !alerts_.insert(alert.id.value).second) continue;
      const std::string& group = alert.request.group;
      const std::string what =
          kind == AlertKind::number_pool_empty ? "pool_empty" : group.substr(group.find(' ') + 1);
      lines.push_back("(the operator is told: " + what + ")");
    }
    for (; live_ < service_.meter.of(Metric::onboarding_live); ++live_) lines.emplace_back("(live)");
    return lines;
  }

 private:
  std::optional<E164> number() {
    const std::vector<OnboardingRecord> owners = service_.owners();
    return owners.empty() ? std::nullopt : owners.front().number;
  }

  Service service_;
  E164 owner_ = E164::from_digits(15125550123);
  std::size_t heard_ = 0;
  double live_ = 0;
  std::set<std::int64_t> alerts_;
};

/// What follows one line of a script follows in no order that anybody could tell.
std::string in_one_order(std::string_view script) {
  std::string ordered;
  std::vector<std::string> following;
  const auto put = [&] {
    std::ranges::sort(following);
    for (const std::string& line : following) ordered += line + "\n";
    following.clear();
  };
  for (const conversations::Line& line : conversations::read_script(script)) {
    if (conversations::is_expectation(line)) {
      following.push_back(line.raw);
      continue;
    }
    put();
    ordered += line.raw + "\n";
  }
  put();
  return ordered;
}

std::vector<fs::path> scripts() {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(std::string(JOBRUN_SOURCE_DIR) + "/tests/conversations/onboarding")) {
    if (entry.path().extension() == ".txt") found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

// Goal: owners are answered by the service as the scripted conversations say, to the letter.
// Method: every file is played through the writer, the database and the outbox.
TEST(SignUp, GoesAsTheConversationsSay) {
  ASSERT_GE(scripts().size(), 30U);
  for (const fs::path& path : scripts()) {
    std::ostringstream written;
    written << std::ifstream(path).rdbuf();
    ThroughTheService partner;
    EXPECT_EQ(in_one_order(conversations::play(written.str(), partner)), in_one_order(written.str()))
        << path.filename();
  }
}

/// Many owners at once.
struct Crowd {
  static E164 phone(int n) { return E164::from_digits(13'125'550'000 + static_cast<std::uint64_t>(n)); }
  static E164 number(int n) { return E164::from_digits(17'735'550'000 + static_cast<std::uint64_t>(n)); }

  std::set<E164> given(Service& service) const {
    std::set<E164> numbers;
    for (const OnboardingRecord& owner : service.owners()) {
      if (!owner.number) continue;
      EXPECT_TRUE(numbers.insert(*owner.number).second) << owner.number->text() << " was given twice";
      EXPECT_TRUE(owner.client) << owner.owner_phone.text();
    }
    return numbers;
  }
};

// Goal: a number is given to one owner, whoever else asks at the same time, and who gets none is served in his
// turn. Method: a thousand owners confirm at once, with nine hundred numbers in the pool; each text comes twice;
// the service starts anew in between; a hundred numbers arrive.
TEST(SignUp, AThousandOwnersGetNineHundredNumbersOnceEach) {
  constexpr int owners = 1'000;
  constexpr int numbers = 900;
  Service service;
  const Crowd crowd;
  for (int n = 0; n < numbers; ++n) service.add_number(Crowd::number(n));
  for (int n = 0; n < owners; ++n) {
    service.text(Crowd::phone(n), "Plumber in Leeds\nSmith & Sons " + std::to_string(n) + "\nAda\ntext");
  }
  service.run();
  service.clock.advance(std::chrono::minutes{1});
  for (int n = 0; n < owners; ++n) {
    for (int times = 0; times < 2; ++times) service.text(Crowd::phone(n), "yes", "SMyes" + std::to_string(n));
  }
  service.run();
  EXPECT_EQ(crowd.given(service).size(), static_cast<std::size_t>(numbers));
  EXPECT_EQ(service.reader().onboardings({.is_waiting_only = true, .limit = 1'000}).size(),
            static_cast<std::size_t>(owners - numbers));
  service.restart();
  for (int n = numbers; n < owners; ++n) service.add_number(Crowd::number(n));
  for (int looks = 0; looks < 4; ++looks) {
    service.clock.advance(std::chrono::seconds{2});
    service.look();
  }
  EXPECT_EQ(crowd.given(service).size(), static_cast<std::size_t>(owners));
  EXPECT_TRUE(service.reader().onboardings({.is_waiting_only = true, .limit = 10}).empty());
  EXPECT_EQ(service.reader().clients().size(), static_cast<std::size_t>(owners));
}

// Goal: an approval is not undone by a text that comes before it is taken up.
// Method: the operator approves, the owner texts at once, and only then does anybody look.
TEST(SignUp, ATextDoesNotUndoAnApproval) {
  Service service;
  service.sign_up = {.activation = onboarding::Activation::manual_approval, .invite_codes = {}};
  service.restart();
  service.add_number(Crowd::number(0));
  const E164 owner = Crowd::phone(0);
  service.text(owner, "Plumber in Leeds\nSmith & Sons\nAda\ntext");
  service.run();
  service.text(owner, "yes");
  service.run();
  service.change([owner](StoreBatch& batch, Instant now) { return batch.approve_onboarding(owner, now); });
  service.text(owner, "how long will it take?");
  service.run();
  EXPECT_FALSE(service.owners().front().number);
  service.clock.advance(std::chrono::seconds{2});
  service.look();
  EXPECT_EQ(service.owners().front().number, Crowd::number(0));
  EXPECT_FALSE(service.owners().front().approved_at) << "once is enough";
}

// Goal: owners who said STOP while they waited keep their places and keep nobody from a number.
// Method: more of them than are looked at at once, before one who waits; a number arrives, the first of them
// returns, and another number arrives.
TEST(SignUp, WhoStoppedWhileWaitingHoldsUpNobody) {
  constexpr int stopped = 60;
  Service service;
  for (int n = 0; n <= stopped; ++n) {
    service.text(Crowd::phone(n), "Plumber in Leeds\nSmith & Sons\nAda\ntext");
    service.text(Crowd::phone(n), "yes");
    if (n < stopped) service.text(Crowd::phone(n), "STOP");
    service.run();
    service.clock.advance(std::chrono::seconds{1});
  }
  const auto arrives = [&](int n) {
    service.add_number(Crowd::number(n));
    service.clock.advance(std::chrono::seconds{2});
    service.look();
  };
  arrives(0);
  ASSERT_TRUE(service.reader().onboarding(Crowd::phone(stopped)));
  EXPECT_EQ(service.reader().onboarding(Crowd::phone(stopped))->number, Crowd::number(0));
  service.text(Crowd::phone(0), "START");
  service.run();
  arrives(1);
  EXPECT_EQ(service.reader().onboarding(Crowd::phone(0))->number, Crowd::number(1));
}

}  // namespace
}  // namespace jobrun::app
