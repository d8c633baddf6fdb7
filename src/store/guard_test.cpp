#include "store/guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "store/sqlite_store.hpp"
#include "store_test_support.hpp"

namespace jobrun::store {
namespace {

struct NoLog final : Log {
  void write(const LogLine&) override {}
};

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A guard's file beside an empty database.
class GuardFile : public testing::Test {
 protected:
  void SetUp() override {
    const std::string database = (directory_.path() / "jobrun.db").string();
    ASSERT_TRUE(migrate(database, noon));
    auto opened = SqliteStore::open(database);
    ASSERT_TRUE(opened);
    store_ = std::move(*opened);
  }
  void read_store(Guard& guard) {
    guard.read_from(*store_->reader(), [](E164) { return ""; }, noon);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<SpoolFiles> files_ = open_folder(directory_.path().string());
  std::unique_ptr<SqliteStore> store_;
  NoLog log_;
};

// Goal: a look at the guard's file says what a start would make of it, and changes nothing.
// Method: one with a fact: whole, torn at its end, with another byte in its middle, emptied, of something else,
// gone.
TEST_F(GuardFile, IsLookedAtAsAStartWould) {
  const std::filesystem::path path = directory_.path() / "guard";
  const auto looked_at = [&] { return Guard::check_file(*files_, "guard"); };
  ASSERT_FALSE(looked_at());
  EXPECT_EQ(looked_at().error().kind, ErrorKind::not_found);
  Guard guard(*files_, "guard", log_);
  read_store(guard);
  guard.add({SetPhoneFact{{}, owner_phone, PhoneFact::opted_out, true}});
  EXPECT_TRUE(looked_at());

  const std::string whole = content_of(path);
  std::string changed = whole;
  changed[changed.size() / 4] = static_cast<char>(changed[changed.size() / 4] ^ 0x10);
  const std::pair<std::string, bool> contents[] = {
      {whole, true}, {whole.substr(0, whole.size() - 1), true}, {changed, false}, {"", false}, {"a guard", false}};
  for (const auto& [content, is_taken] : contents) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    const Result<void> checked = looked_at();
    EXPECT_EQ(checked.has_value(), is_taken) << content.size();
    if (!checked) {
      EXPECT_NE(checked.error().kind, ErrorKind::not_found);
    }
    EXPECT_EQ(content_of(path), content);
    EXPECT_EQ(Guard(*files_, "guard", log_).read_file(), is_taken) << "a start agrees";
  }
}

// Goal: what was noted during an outage is in the file once that is over and the guard was tended, also where the
// store took it in a batch that failed all the same, and so told nobody. Method: an opt-out noted, and never told
// by the store; the file read before and after.
TEST_F(GuardFile, HoldsWhatWasNotedOnceItIsTended) {
  Guard guard(*files_, "guard", log_);
  read_store(guard);
  const auto is_out_in_file = [&] {
    Guard read(*files_, "guard", log_);
    EXPECT_TRUE(read.read_file());
    return read.phone_facts(FactScope::of(std::nullopt), owner_phone).opted_out;
  };
  guard.note({SetPhoneFact{FactScope::of(std::nullopt), owner_phone, PhoneFact::opted_out, true}});
  guard.tend(noon);
  EXPECT_FALSE(is_out_in_file()) << "it is in the spool";
  guard.forget_noted();
  guard.tend(noon);
  EXPECT_TRUE(is_out_in_file());
}

// Goal: the guard knows of each purpose when a text of it was last promised to a pair, also after a start from its
// file; for the cool-down of first texts a reply does not count, for the day it does. Method: promises of three
// purposes; asked of the guard that was told, and of one that read the file.
TEST_F(GuardFile, KeepsThePurposeOfWhatWasPromised) {
  Guard told(*files_, "guard", log_);
  read_store(told);
  const auto promised = [](const std::string& cause, Purpose purpose, Instant at) {
    return GuardedPromise::of(a_text(cause, purpose, owner_phone), "US", at);
  };
  told.add({promised("SM1", Purpose::triage_reply, noon), promised("SM2", Purpose::triage_reply, noon + second),
            promised("SM3", Purpose::onboarding, noon + minute)});
  Guard read(*files_, "guard", log_);
  ASSERT_TRUE(read.read_file());
  const CallerPair pair{owner_phone, business_number};
  for (const Guard* guard : {&told, &read}) {
    EXPECT_EQ(guard->last_promised(pair, Purpose::triage_reply, noon), noon + second);
    EXPECT_EQ(guard->last_promised(pair, Purpose::triage_reply, noon + 2 * second), std::nullopt);
    EXPECT_EQ(guard->last_promised(pair, Purpose::onboarding, noon), noon + minute);
    EXPECT_EQ(guard->last_promised(pair, Purpose::customer_reply, noon), std::nullopt);
    EXPECT_EQ(guard->last_first_text(pair), std::nullopt);
    EXPECT_EQ(guard->texts_since(pair, noon), 3);
    EXPECT_EQ(guard->texts_on_day(std::nullopt, "US", utc_day(noon)).service, 2);
    EXPECT_TRUE(guard->has_promised(a_text("SM1", Purpose::triage_reply, owner_phone)));
    EXPECT_FALSE(guard->has_promised(a_text("SM4", Purpose::triage_reply, owner_phone)));
  }
}

}  // namespace
}  // namespace jobrun::store
