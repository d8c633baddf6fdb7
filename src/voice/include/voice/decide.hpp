// A call's Event becomes one Commit: directory facts through flow.
//
// This is the bridge between what happened (Event), what is known (directory, facts) and what a caller gets
// (flow/after_call.hpp decides that; look there for the table). It runs on the writer, inside the batch.
#pragma once

#include <optional>

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/ports/numbering_plan.hpp"
#include "base/ports/store.hpp"
#include "base/ports/time_zones.hpp"
#include "directory/directory.hpp"
#include "flow/after_call.hpp"

namespace jobrun::voice {

/// What a decision may look at besides the facts in the store. Not owned.
struct Surroundings {
  const directory::Snapshot& directory;
  NumberingPlan& numbering_plan;
  const flow::Policy& policy;
  TimeZones& time_zones;
};

/// Decides one call Event. Known events give a Commit with `is_duplicate` and the same answer as before;
/// legs that belong to a parent call give one with `is_ignored`. Throws what `facts` throws.
Commit decide(const IncomingCall& event, const Surroundings& around, FactReader& facts, Instant now);
Commit decide(const CallStatusChange& event, const Surroundings& around, FactReader& facts, Instant now);
/// Of the phones that a call rings: to whoever picks up, of what he answers, and once they ring no more.
Commit decide(const PhonePickedUp& event, const Surroundings& around, FactReader& facts, Instant now);
Commit decide(const PhoneAnswered& event, const Surroundings& around, FactReader& facts, Instant now);
Commit decide(const RingEnd& event, const Surroundings& around, FactReader& facts, Instant now);
/// Of a message that a caller leaves.
Commit decide(const RecordingNews& event, const Surroundings& around, FactReader& facts, Instant now);

/// What a caller, or a phone that is rung for him, hears while no fact can be read; empty for legs that belong to
/// a parent call, and for what is not answered in words. Never throws.
std::optional<VoiceAnswer> answer_without_facts(const Event& event, const directory::Snapshot& directory);

}  // namespace jobrun::voice
