// The worlds that are explored: whose number is called, by whom, and which webhooks and changes may arrive.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/event.hpp"
#include "directory/directory.hpp"
#include "exploration_journal.hpp"
#include "flow/after_call.hpp"

namespace jobrun::exploration {

/// A webhook that may be delivered, any number of times.
struct Letter {
  std::string name;
  Place call = 0;
  Event event;
};

/// What the directory says of the number called.
enum class Registration {
  business,      ///< OPERATIONAL with a client
  orphan,        ///< OPERATIONAL without a client; the client exists
  sign_up,       ///< ONBOARDING
  registered,    ///< SYSTEM, known; the client was removed
  unregistered,  ///< SYSTEM, unknown; the client was removed
};

inline constexpr std::array all_registrations = {Registration::business, Registration::orphan,
                                                 Registration::sign_up, Registration::registered,
                                                 Registration::unregistered};

std::string_view describe(Registration registration);

struct Directory {
  Registration registration = Registration::unregistered;
  std::shared_ptr<const directory::Snapshot> snapshot;
};

struct World {
  std::string name;
  Constants constants;
  std::vector<Letter> letters;
  std::vector<Directory> directories;  ///< the first holds until the directory changes, once
  flow::Policy policy;
  bool may_be_texted = true;  ///< the caller is somebody who can be texted

  Registration registration() const { return directories.front().registration; }
  const directory::Snapshot& snapshot(const Journal& journal) const {
    return *directories[journal.directory].snapshot;
  }
  /// The client named in the call's record, if it still exists.
  const ClientProfile* client_of(const Journal& journal, const CallInJournal& call) const {
    return call.client ? snapshot(journal).client(*call.client) : nullptr;
  }
};

/// One call by a caller who can be texted: every webhook a call can have, among them repeated ones, a second
/// final status, a word the carrier may add one day, and a leg that belongs to a parent call; and the number
/// changing hands meanwhile.
World one_call_to(Registration registration);

/// The same by a caller who withholds his number.
World one_withheld_call_to(Registration registration);

/// Two calls of one caller, one right after the other.
World two_calls_to(Registration registration);

}  // namespace jobrun::exploration
