// What the tests of the console share: an empty database, and requests in one line.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/testing/fixed_time_zones.hpp"
#include "console_api/operations.hpp"
#include "store/sqlite_store.hpp"

namespace jobrun::console_api {

using nlohmann::json;

/// Time that moves by a step each time it is asked.
class SteppingClock : public Clock {
 public:
  Instant now() const override { return from_unix_ms(1'767'435'330'250); }  // 2026-01-03T10:15:30.250Z
  std::chrono::nanoseconds monotonic() const override { return time_ += step; }
  std::chrono::nanoseconds step{0};

 private:
  mutable std::chrono::nanoseconds time_{0};
};

/// Each piece of work is a transaction of its own; `pieces_left` of them succeed, then the store is gone.
class TestJournal : public Journal {
 public:
  explicit TestJournal(Store& store) : store_(store) {}
  void submit(JournalWork work) override {
    ++pieces;
    if (is_silent) return;
    if (pieces_left == 0) return work.done(failure(ErrorKind::unavailable, "the disk is full"));
    --pieces_left;
    const auto batch = store_.begin({});
    Result<void> written = work.write(*batch, from_unix_ms(1'767'435'330'250));
    if (written) written = batch->commit();
    work.done(written);
  }
  int pieces = 0;
  int pieces_left = 1'000'000;
  bool is_silent = false;

 private:
  Store& store_;
};

class OperationsTest : public testing::Test {
 protected:
  OperationsTest() {
    std::string pattern = testing::TempDir() + "console_api_XXXXXX";
    directory_ = mkdtemp(pattern.data());
    const std::string path = directory_ + "/jobrun.db";
    EXPECT_TRUE(store::migrate(path, clock_.now()));
    store::SqliteOptions options;
    options.has_background = false;
    auto opened = store::SqliteStore::open(path, options);
    EXPECT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
    journal_.emplace(*store_);
    remake();
  }
  ~OperationsTest() override {
    operations_.reset();
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  /// Who is stuck is the reader's to know; one that cannot be read is null.
  static json described(const OnboardingRecord& owner, Instant) {
    if (owner.state == "unreadable") return nullptr;
    const json waits_for = owner.step == "confirm" ? json("approval") : json(nullptr);
    return {{"phone", owner.owner_phone.text()}, {"is_stuck", owner.state == "stuck"}, {"waits_for", waits_for}};
  }

  /// Who has opted out is not texted.
  static Result<Commit> replied(const OperatorReply& reply, FactReader& facts, Instant now) {
    if (facts.phone_facts(FactScope::of(reply.contact.client), reply.contact.customer).opted_out) {
      return failure(ErrorKind::conflict, "the customer has opted out of texts");
    }
    Commit commit;
    commit.text = PromisedText{.id = {reply.cause, Purpose::customer_reply},
                               .origin = Origin::command,
                               .pair = {reply.contact.customer, reply.contact.number},
                               .ways = {{Account::first, reply.contact.number}},
                               .body = reply.words,
                               .client = reply.contact.client};
    commit.conversation = ConversationRecord{
        .contact = reply.contact, .step = "told", .state = "{}", .language = {}, .active_at = now};
    return commit;
  }

  void remake(ReservedNumbers reserved = {}, OperationLimits limits = {}) {
    operations_.emplace(Operations::Ports{.open_reader = [this] { return store_->reader(); },
                                          .journal = *journal_,
                                          .clock = clock_,
                                          .describe_owner = described,
                                          .describe_conversation =
                                              [](const ConversationRecord& record) { return json(record.step); },
                                          .reply_to_customer = replied,
                                          .promised =
                                              [this](const Commit&, std::vector<TextRecord> texts) {
                                                for (TextRecord& text : texts)
                                                  handed_on_.push_back(std::move(text));
                                              },
                                          .time_zones = &zones_},
                        reserved, limits);
  }

  json ask(const json& request) { return operations_->handle(request); }
  json result(const json& request) {
    json answer = ask(request);
    EXPECT_TRUE(answer.contains("result")) << request << " -> " << answer;
    return answer.value("result", json());
  }
  std::string error_code(const json& request) {
    const json answer = ask(request);
    return answer.contains("error") ? answer.at("error").at("code").get<std::string>() : "no error";
  }
  std::string error_message(const json& request) {
    const json answer = ask(request);
    return answer.contains("error") ? answer.at("error").at("message").get<std::string>() : "no error";
  }
  json add_client(const std::string& name = "Smith & Sons", const std::string& phone = "+14155550123") {
    return result({{"op", "clients.add"}, {"name", name}, {"phone", phone}});
  }
  json numbers() { return result({{"op", "numbers.list"}}).at("numbers"); }

  SteppingClock clock_;
  std::string directory_;
  std::unique_ptr<store::SqliteStore> store_;
  std::optional<TestJournal> journal_;
  std::vector<TextRecord> handed_on_;
  testing_support::FixedTimeZones zones_;
  std::optional<Operations> operations_;
};

inline E164 number(const std::string& text) {
  return *E164::parse(text);
}

}  // namespace jobrun::console_api
