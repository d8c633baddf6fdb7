// Calls of canaries leave as they came: nobody looks at old ones.
#include "sqlite/batch.hpp"

namespace jobrun::store {
namespace {

constexpr std::int64_t removed_at_once = 100;

}  // namespace

CanaryStatements::CanaryStatements(SQLite::Database& database)
    : find_old(database,
               "SELECT id, call_sid FROM calls INDEXED BY calls_of_canaries WHERE origin = 'canary' AND id < "
               "(SELECT MIN(id) FROM (SELECT id FROM calls INDEXED BY calls_of_canaries WHERE origin = 'canary' "
               "ORDER BY id DESC LIMIT ?1)) AND NOT EXISTS (SELECT 1 FROM alert_calls WHERE call = calls.id) "
               "ORDER BY id LIMIT ?2"),
      forget_unknown(database, "DELETE FROM unsettled_texts WHERE text IN (SELECT id FROM texts WHERE call = ?)"),
      remove_message_events(database,
                            "DELETE FROM message_events WHERE text IN (SELECT id FROM texts WHERE call = ?)"),
      remove_texts(database, "DELETE FROM texts WHERE call = ?"),
      remove_events(database, "DELETE FROM events WHERE call = ?"),
      remove_outcomes(database, "DELETE FROM outcomes WHERE call = ?"),
      remove_sid(database, "DELETE FROM call_sids WHERE hash = ? AND call = ?"),
      remove_call(database, "DELETE FROM calls WHERE id = ?") {}

void SqliteBatch::remove_canaries(std::int64_t kept) {
  const Step step(*this);
  touch();
  std::vector<std::pair<CallId, std::string>> old;
  {
    Rows rows = writer_.canaries.find_old.query(kept, removed_at_once);
    while (rows.next()) old.emplace_back(CallId{rows.integer(0)}, rows.string(1));
  }
  for (const auto& [call, call_sid] : old) {
    for (Statement* remove :
         {&writer_.canaries.forget_unknown, &writer_.canaries.remove_message_events,
          &writer_.canaries.remove_texts, &writer_.canaries.remove_events, &writer_.canaries.remove_outcomes}) {
      remove->run(call);
    }
    writer_.canaries.remove_sid.run(hash_of_sid(call_sid), call);
    writer_.canaries.remove_call.run(call);
  }
}

}  // namespace jobrun::store
