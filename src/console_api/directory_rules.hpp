// Which numbers may belong to whom: a number has one duty, or callers are answered in another's name.
#pragma once

#include <optional>
#include <unordered_map>

#include "base/ports/store.hpp"
#include "base/records.hpp"
#include "base/result.hpp"
#include "console_api/operations.hpp"

namespace jobrun::console_api {

/// The pool's row of a number.
std::optional<PoolNumber> find_number(StoreReader& reader, E164 number);

/// The rules, over the clients as they were when this was made. The reader must outlive it.
class DirectoryRules {
 public:
  DirectoryRules(const ReservedNumbers& reserved, StoreReader& reader);

  /// Role and client go together, and the number has no other duty. Does not look into the pool.
  Result<void> check(const PoolNumber& number) const;

  /// The profile's numbers have no other duty. Looks into the pool. A new client has the id 0.
  Result<void> check(const ClientProfile& profile) const;

  const ClientProfile* client(ClientId id) const;

 private:
  Result<void> check_not_reserved(E164 number, std::string_view whose) const;
  Result<void> check_phones(const ClientProfile& profile) const;

  ReservedNumbers reserved_;
  StoreReader& reader_;
  std::unordered_map<std::int64_t, ClientProfile> clients_;
  std::unordered_map<E164, ClientId> own_numbers_;
  std::unordered_map<E164, ClientId> phones_;  ///< of owners and their people
};

}  // namespace jobrun::console_api
