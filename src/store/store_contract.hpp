// What the contract's tests share. A new store joins by naming itself in `stores`.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/sqlite_store.hpp"
#include "store_test_support.hpp"

namespace jobrun::store {

inline const E164 caller = phone(14155550123);
inline const E164 other_caller = phone(14155550124);

struct StoreKind {
  const char* name;
  std::unique_ptr<Store> (*open)(const std::filesystem::path& directory);
};

inline std::unique_ptr<Store> open_sqlite(const std::filesystem::path& directory) {
  const std::string path = (directory / "jobrun.db").string();
  if (const auto migrated = migrate(path, noon); !migrated) throw StoreFailure(migrated.error().message);
  auto opened = SqliteStore::open(path);
  if (!opened) throw StoreFailure(opened.error().message);
  return std::move(*opened);
}

inline constexpr std::array stores = {StoreKind{"Sqlite", open_sqlite}};

class StoreContract : public testing::TestWithParam<StoreKind> {
 protected:
  StoreContract() { reopen(); }
  Store& store() { return *store_; }
  void reopen() {
    store_.reset();
    store_ = GetParam().open(directory_.path());
  }
  void write(const Commit& commit, Instant now = noon) {
    in_batch(store(), [&](StoreBatch& batch) { batch.write(commit, now); });
  }
  /// Promises the intake text of a call and returns its row.
  TextRow promise(const std::string& call_sid, E164 recipient, ClientId client, Instant now = noon) {
    TextRow row;
    in_batch(store(), [&](StoreBatch& batch) {
      const auto text = batch.write(an_ended_call(call_sid, recipient, client, now), now);
      ASSERT_TRUE(text);
      row = text->row;
    });
    return row;
  }
  Result<std::optional<ClientId>> change(const DirectoryChange& change) {
    Result<std::optional<ClientId>> changed = std::nullopt;
    in_batch(store(), [&](StoreBatch& batch) { changed = batch.change_directory(change, noon); });
    return changed;
  }
  std::vector<AlertRecord> due(Instant now, AlertWay by = AlertWay::webhook) {
    return store().reader()->due_alerts(by, now, 100);
  }
  /// A text of a call that ended at `at`, requested at once; nobody knows since then whether it left.
  /// How many calls a look gathers into the incident, once dates are mended.
  std::int64_t gathered_at(Instant now, const LongestWaits& longest) {
    std::int64_t gathered = 0;
    in_batch(store(), [&](StoreBatch& batch) {
      batch.mend_dates(longest, now);
      gathered = batch.look_for_overdue_calls(now, 10).calls_added;
    });
    return gathered;
  }
  TextRow lose(const std::string& call_sid, E164 recipient, ClientId client, Instant at = noon) {
    const TextRow text = promise(call_sid, recipient, client, at);
    in_batch(store(), [&](StoreBatch& batch) {
      batch.mark_started(text, {1, 0}, {}, at);
      batch.record_unknown(text, "timed out", at);
    });
    return text;
  }
  /// Unknown texts to be looked for at `now`, if first 15 s after they became unknown.
  std::vector<TextRow> to_look_for(Instant now, std::int64_t limit = 100) {
    std::vector<TextRow> rows;
    for (const UnknownText& unknown : store().reader()->unknown_texts_due(now, 15 * second, limit)) {
      rows.push_back(unknown.text.row);
    }
    return rows;
  }
  void accept_alert(AlertId alert, Instant now = noon) {
    in_batch(store(), [&](StoreBatch& batch) { batch.record_alert_accepted(alert, AlertWay::webhook, {}, now); });
  }
  std::vector<std::string> calls_listed(const CallQuery& query) {
    std::vector<std::string> sids;
    for (const CallListing& listing : store().reader()->calls(query)) sids.push_back(listing.call.call_sid.text());
    return sids;
  }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<Store> store_;
};

}  // namespace jobrun::store
