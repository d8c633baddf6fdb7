#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text_encoding.hpp"
#include "conversations/script.hpp"
#include "onboarding/turn.hpp"

namespace jobrun::onboarding {
namespace {

namespace files = std::filesystem;

/// The module alone, with a pool of a few numbers, a clock and a ledger that are lists.
class Alone : public conversations::Partner {
 public:
  void owner_phone_is(E164 phone) override { owner_ = phone; }
  void invite_code_is(std::string_view code) override {
    facts_.activation = Activation::invite_code;
    facts_.is_invite_code = [good = std::string(code)](std::string_view one) { return one == good; };
  }
  void approval_is_manual() override { facts_.activation = Activation::manual_approval; }

  void owner_texts(std::string_view words) override {
    facts_.test_call = best_call();
    apply(take(state_, owner_, words, facts_));
  }
  void time_passes(Duration span) override {
    constexpr Duration looked_every = std::chrono::minutes{1};
    for (Duration passed{0}; passed < span; passed += looked_every) {
      facts_.now += looked_every;
      if (!state_) continue;
      if (const std::optional<Turn> turn = remind(*state_, facts_.now)) apply(*turn);
    }
  }
  void pool_is_empty() override { is_pool_empty_ = true; }
  void number_arrives() override {
    is_pool_empty_ = false;
    if (state_ && is_waiting_for_number(*state_))
      apply(number_found(*state_, best_number(preferred_area(*state_)), facts_.now));
  }
  void operator_approves() override {
    if (state_) apply(approve(*state_, facts_.now));
  }
  void restart() override { state_ = std::optional<State>(state_); }
  void call_is_forwarded() override { calls_.push_back({TestCall::Kind::forwarded, facts_.now}); }
  void call_comes_directly() override { calls_.push_back({TestCall::Kind::direct, facts_.now}); }
  std::vector<std::string> heard() override { return std::exchange(heard_, {}); }

 private:
  static E164 best_number(const std::vector<std::string>& area) {
    constexpr std::array<std::uint64_t, 6> pool = {14155550100,  15125550100, 441134960100,
                                                   442079460100, 61255501234, 35315550100};
    for (const std::string& prefix : area) {
      for (const std::uint64_t digits : pool) {
        if (E164::from_digits(digits).text().starts_with(prefix)) return E164::from_digits(digits);
      }
    }
    return E164::from_digits(pool.front());
  }

  TestCall best_call() const {
    const auto forwarded = std::ranges::find(calls_, TestCall::Kind::forwarded, &TestCall::kind);
    if (forwarded != calls_.end()) return *forwarded;
    return calls_.empty() ? TestCall{} : calls_.back();
  }

  void apply(const Turn& turn) {
    state_ = turn.next;
    if (turn.wants.number) {
      const std::optional<E164> number =
          is_pool_empty_ ? std::nullopt : std::optional(best_number(*turn.wants.number));
      tell(turn.wants);
      return apply(number_found(turn.next, number, facts_.now));
    }
    if (!turn.reply.empty()) heard_.push_back("jobrun: " + conversations::escaped(turn.reply));
    tell(turn.wants);
  }

  void tell(const Wants& wants) {
    if (wants.attention)
      heard_.push_back("(the operator is told: " + std::string(name_of(*wants.attention)) + ")");
    if (wants.go_live) heard_.emplace_back("(live)");
  }

  E164 owner_ = E164::from_digits(15125550123);
  std::optional<State> state_;
  Facts facts_{.now = from_unix_ms(1'767'441'600'000),
               .activation = Activation::open,
               .is_invite_code = {},
               .test_call = {}};
  bool is_pool_empty_ = false;
  std::vector<TestCall> calls_;
  std::vector<std::string> heard_;
};

std::vector<files::path> scripts() {
  std::vector<files::path> found;
  for (const files::directory_entry& entry : files::directory_iterator(JOBRUN_CONVERSATIONS)) {
    if (entry.path().extension() == ".txt") found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

std::string content_of(const files::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Goal: owners are answered as the scripted conversations say, to the letter.
// Method: every file is played against the module alone and must come out as it stands. With
// JOBRUN_WRITE_CONVERSATIONS set, our lines are written anew instead, to be read and judged by a person.
TEST(Conversations, ComeOutAsTheyAreWritten) {
  ASSERT_GE(scripts().size(), 30U);
  const bool is_to_be_written =
      std::getenv("JOBRUN_WRITE_CONVERSATIONS") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  for (const files::path& path : scripts()) {
    const std::string written = content_of(path);
    Alone partner;
    const std::string played = conversations::play(written, partner);
    if (is_to_be_written) {
      std::ofstream(path) << played;
      continue;
    }
    EXPECT_EQ(played, written) << path.filename();
  }
}

// Goal: our texts cost little: GSM-7 unless the owner's own words are not, and three segments at most.
// Method: every line of ours in every conversation.
TEST(Conversations, AreShortAndInTheCheapAlphabet) {
  for (const files::path& path : scripts()) {
    const std::string written = content_of(path);
    const bool is_foreign =
        std::ranges::any_of(written, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    for (const conversations::Line& line : conversations::read_script(written)) {
      if (line.kind != conversations::Line::Kind::jobrun) continue;
      const TextSize size = measure_text(line.words);
      EXPECT_LE(size.segments, is_foreign ? 6U : 3U) << path.filename() << ": " << line.words;
      EXPECT_TRUE(is_foreign || size.encoding == TextEncoding::gsm7) << path.filename() << ": " << line.words;
    }
  }
}

}  // namespace
}  // namespace jobrun::onboarding
