#include "directory_rules.hpp"

#include <string>

namespace jobrun::console_api {
namespace {

std::unexpected<Error> conflict(std::string message) {
  return failure(ErrorKind::conflict, std::move(message));
}

std::string named(ClientId client) {
  return "client " + std::to_string(client.value);
}

void append(std::string& problems, const std::string& problem) {
  problems += (problems.empty() ? "" : "; ") + problem;
}

/// What is wrong with a reserved number as the pool and the clients know it; empty when nothing is.
std::string misuse_of(E164 number, std::string_view setting, bool may_be_system, StoreReader& reader) {
  std::string problems;
  for (const ClientProfile& client : reader.clients()) {
    if (client.own_number == number) {
      append(problems, number.text() + " (" + std::string(setting) + ") is the own number of " + named(client.id));
    }
  }
  const std::optional<PoolNumber> pooled = find_number(reader, number);
  if (!pooled) return problems;
  const NumberRole wanted = may_be_system ? NumberRole::system : NumberRole::onboarding;
  if (pooled->client) {
    append(problems, number.text() + " (" + std::string(setting) + ") belongs to " + named(*pooled->client));
  } else if (pooled->role != wanted) {
    append(problems, number.text() + " (" + std::string(setting) + ") is in the pool with the role " +
                         std::string(name_of(pooled->role)));
  } else if (pooled->is_available) {
    append(problems,
           number.text() + " (" + std::string(setting) + ") waits in the pool for an owner who signs up");
  }
  return problems;
}

}  // namespace

std::optional<PoolNumber> find_number(StoreReader& reader, E164 number) {
  const std::vector<PoolNumber> page = reader.numbers(E164::from_digits(number.digits() - 1), 1);
  if (page.empty() || page.front().number != number) return std::nullopt;
  return page.front();
}

Result<void> check_reserved_numbers(const ReservedNumbers& reserved, StoreReader& reader) {
  std::string problems;
  const auto look = [&](const std::optional<E164>& number, std::string_view setting, bool may_be_system) {
    const std::string found = number ? misuse_of(*number, setting, may_be_system, reader) : "";
    if (!found.empty()) append(problems, found);
  };
  look(reserved.failsafe_sender, "failsafe_sender", true);
  look(reserved.onboarding_number, "onboarding_number", false);
  look(reserved.second_sender, "telnyx_sender", true);
  if (problems.empty()) return {};
  return conflict(problems +
                  ". Change the setting, or free the number: jobrun numbers remove, jobrun clients set");
}

DirectoryRules::DirectoryRules(const ReservedNumbers& reserved, StoreReader& reader)
    : reserved_(reserved), reader_(reader) {
  for (ClientProfile& client : reader.clients()) {
    if (client.own_number) own_numbers_.emplace(*client.own_number, client.id);
    phones_.emplace(client.owner_phone, client.id);
    for (const E164 phone : client.settings.more_owner_phones) phones_.emplace(phone, client.id);
    for (const E164 phone : client.settings.ring_phones) phones_.emplace(phone, client.id);
    clients_.emplace(client.id.value, std::move(client));
  }
}

const ClientProfile* DirectoryRules::client(ClientId id) const {
  const auto found = clients_.find(id.value);
  return found == clients_.end() ? nullptr : &found->second;
}

Result<void> DirectoryRules::check(const PoolNumber& number) const {
  const std::string text = number.number.text();
  const bool has_duty = number.role != NumberRole::operational;
  if (has_duty && number.client) {
    return invalid("only an operational number belongs to a client; " + text + " is to be " +
                   std::string(name_of(number.role)));
  }
  if (number.is_available && number.role != NumberRole::system) {
    return invalid("a number that is available has the role system until it is given to an owner; " + text +
                   " is to be " + std::string(name_of(number.role)));
  }
  if (number.client && client(*number.client) == nullptr) {
    return failure(ErrorKind::not_found, "there is no " + named(*number.client) + ": see jobrun clients list");
  }
  if (number.number == reserved_.onboarding_number && number.role != NumberRole::onboarding) {
    return conflict(text + " is the onboarding number of the settings: it can only have the role onboarding");
  }
  if (number.number == reserved_.failsafe_sender && number.role != NumberRole::system) {
    return conflict(text + " is the fail-safe sender of the settings: it can only have the role system");
  }
  if (number.number == reserved_.second_sender && number.role != NumberRole::system) {
    return conflict(text + " is the sender of the second account: it can only have the role system");
  }
  if (number.is_available &&
      (number.number == reserved_.failsafe_sender || number.number == reserved_.second_sender)) {
    return conflict(text + " is reserved by the settings for the service: no owner may get it");
  }
  if (const auto owner = own_numbers_.find(number.number); owner != own_numbers_.end()) {
    return conflict(text + " is the own number of " + named(owner->second) +
                    ": clear that first with jobrun clients set " + std::to_string(owner->second.value) +
                    " --own-number none");
  }
  if (const auto owner = phones_.find(number.number); owner != phones_.end()) {
    const bool is_owners = client(owner->second)->owner_phone == number.number;
    return conflict(text + (is_owners ? " is the phone of the owner of " : " is a phone of ") +
                    named(owner->second));
  }
  return {};
}

Result<void> DirectoryRules::check_not_reserved(E164 number, std::string_view whose) const {
  const bool is_reserved = number == reserved_.onboarding_number || number == reserved_.failsafe_sender ||
                           number == reserved_.second_sender;
  if (is_reserved) {
    return conflict(number.text() + " is reserved by the settings for the service: it cannot be " +
                    std::string(whose));
  }
  if (find_number(reader_, number)) {
    return conflict(number.text() + " is in the number pool: it cannot be " + std::string(whose));
  }
  return {};
}

/// Texts to one of ours, or a ringing that comes back to the number called, would go round.
Result<void> DirectoryRules::check_phones(const ClientProfile& profile) const {
  const auto check_all = [&](const std::vector<E164>& phones, std::string_view setting) -> Result<void> {
    for (const E164 phone : phones) {
      if (Result<void> checked = check_not_reserved(phone, "one of " + std::string(setting)); !checked) {
        return checked;
      }
      if (phone == profile.own_number) {
        return invalid(std::string(setting) + ": " + phone.text() +
                       " is the client's own number, which is called");
      }
    }
    return {};
  };
  if (Result<void> checked = check_all(profile.settings.more_owner_phones, "settings.more_owner_phones");
      !checked) {
    return checked;
  }
  return check_all(profile.settings.ring_phones, "settings.ring_phones");
}

Result<void> DirectoryRules::check(const ClientProfile& profile) const {
  if (profile.alert_by != AlertBy::text && profile.owner_email.empty()) {
    return invalid("alert_by: " + std::string(name_of(profile.alert_by)) + " needs an owner_email");
  }
  if (profile.settings.weekly_summary == SummaryBy::email && profile.owner_email.empty()) {
    return invalid("settings.weekly_summary: email needs an owner_email");
  }
  if (Result<void> checked = check_not_reserved(profile.owner_phone, "an owner's phone"); !checked) return checked;
  if (Result<void> checked = check_phones(profile); !checked) return checked;
  if (!profile.own_number) return {};
  if (profile.own_number == profile.owner_phone) {
    return invalid(
        "the own number must differ from the owner's phone: calls are missed on the one and told to "
        "the other");
  }
  if (Result<void> checked = check_not_reserved(*profile.own_number, "a client's own number"); !checked) {
    return checked;
  }
  const auto other = own_numbers_.find(*profile.own_number);
  if (other != own_numbers_.end() && other->second != profile.id) {
    return conflict(profile.own_number->text() + " is already the own number of " + named(other->second));
  }
  return {};
}

}  // namespace jobrun::console_api
