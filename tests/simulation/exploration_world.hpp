// The worlds that are explored: whose number is called, by whom, and which webhooks and changes may arrive.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/event.hpp"
#include "directory/directory.hpp"
#include "exploration_carrier.hpp"
#include "exploration_journal.hpp"
#include "flow/after_call.hpp"

namespace jobrun::exploration {

/// A webhook that may be delivered, any number of times.
struct Letter {
  std::string name;
  Place call = 0;
  Event event;
  /// Of the text's requests, counted from 1, the one whose message it tells of; 0: it is about a call. Which text
  /// and which account that is, is said when it is delivered.
  Place message = 0;
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
  std::vector<NamedAnswer> answers;    ///< of the carrier to a request
  /// Unknown texts are looked for, texts take detours, and ends are compared: see exploration_ends.hpp. Without
  /// these an unknown text stays unknown.
  bool are_messages_told = false;
  bool do_lists_lag = false;  ///< a message that look-ups did not find may be there all the same
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

/// One call that has a text, to which the carrier gives every kind of answer.
World one_refused_call_to(Registration registration);

/// One call that has a text, and whatever the carrier may tell of the messages of its first two requests: sent,
/// delivered, and undelivered for each reason.
World one_texted_call_to(Registration registration);

/// The same where look-ups may miss a message that is there, with fewer reasons.
World one_texted_call_with_lagging_lists_to(Registration registration);

/// The same of two calls, with fewer reasons.
World two_texted_calls_to(Registration registration);

}  // namespace jobrun::exploration
