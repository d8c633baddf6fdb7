#include "doctor/checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jobrun::doctor {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::int64_t room = 64 << 20;

SpoolFacts an_empty_spool(bool is_served) {
  return {.folder = "/spool", .is_served = is_served, .bytes_max = room, .bytes_free = room};
}

// Goal: an empty spool that can be written is well, whether a service runs or not.
// Method: room to the byte; what a service is writing just now looks half written.
TEST(SpoolCheck, IsWellWhereNothingWaits) {
  for (const bool is_served : {false, true}) {
    EXPECT_EQ(spool_check(an_empty_spool(is_served)).verdict, Verdict::well);
    EXPECT_THAT(spool_check(an_empty_spool(is_served)).advice, IsEmpty());
  }
  SpoolFacts being_written = an_empty_spool(true);
  being_written.damaged = 1;
  EXPECT_EQ(spool_check(being_written).verdict, Verdict::well);
}

// Goal: events that wait are told, with who takes them up: the next start, or the service once its database is
// well. Method: one event, without and with a service; their bytes are no missing room.
TEST(SpoolCheck, TellsOfEventsThatWait) {
  for (const bool is_served : {false, true}) {
    SpoolFacts facts = an_empty_spool(is_served);
    facts.events = 1;
    facts.bytes = 1000;
    facts.bytes_free -= 1000;
    const Check check = spool_check(facts);
    EXPECT_EQ(check.verdict, Verdict::mend);
    EXPECT_THAT(check.found, AllOf(HasSubstr("wait for the database: 1"), Not(HasSubstr("free"))));
    EXPECT_THAT(check.advice, HasSubstr(is_served ? "OPERATIONS" : "start the service: it takes them up"));
  }
}

// Goal: damage is told, and what to do about it, before the next start sets it aside and after.
// Method: a damaged place without a service; files that were set aside, with and without one.
TEST(SpoolCheck, TellsOfDamage) {
  SpoolFacts facts = an_empty_spool(false);
  facts.damaged = 2;
  EXPECT_EQ(spool_check(facts).verdict, Verdict::mend);
  EXPECT_THAT(spool_check(facts).found, HasSubstr("cannot be read: 2"));
  for (const bool is_served : {false, true}) {
    SpoolFacts kept = an_empty_spool(is_served);
    kept.set_aside = 3;
    EXPECT_EQ(spool_check(kept).verdict, Verdict::mend);
    EXPECT_THAT(spool_check(kept).found, HasSubstr("set aside: 3"));
    EXPECT_THAT(spool_check(kept).advice, AllOf(HasSubstr("carrier's log"), HasSubstr("*.damaged, *.set-aside")));
  }
}

// Goal: a spool that would not hold what it may take is told, with the setting that names another folder.
// Method: one byte of room too few; a folder that cannot be written, whose room is not known.
TEST(SpoolCheck, TellsOfAFolderThatCannotTakeEvents) {
  SpoolFacts facts = an_empty_spool(false);
  --facts.bytes_free;
  EXPECT_EQ(spool_check(facts).verdict, Verdict::mend);
  EXPECT_THAT(spool_check(facts).found, HasSubstr("only 63 MB free of the 64 MB"));
  EXPECT_THAT(spool_check(facts).advice, HasSubstr("JOBRUN_SPOOL_DIR"));
  SpoolFacts unusable = an_empty_spool(false);
  unusable.unusable = "may not be written";
  unusable.bytes_free = 0;
  EXPECT_EQ(spool_check(unusable).verdict, Verdict::mend);
  EXPECT_EQ(spool_check(unusable).found, "may not be written");
  EXPECT_THAT(spool_check(unusable).advice, HasSubstr("JOBRUN_SPOOL_DIR"));
}

// Goal: nothing that is wrong hides another thing that is.
// Method: a folder that cannot be written, in which events wait and a file was set aside.
TEST(SpoolCheck, TellsOfAll) {
  SpoolFacts facts = an_empty_spool(false);
  facts.unusable = "may not be written";
  facts.events = 5;
  facts.set_aside = 1;
  EXPECT_THAT(spool_check(facts).found, AllOf(HasSubstr("may not be written; "),
                                              HasSubstr("wait for the database: 5"), HasSubstr("set aside: 1")));
}

// Goal: a guard is well when a start would take it, and where there is nothing yet that it could guard.
// Method: a whole file; none, before and after a service ran; a damaged one, which is never well.
TEST(GuardCheck, TellsWhenAStartWouldKnowNobody) {
  const auto check = [](bool has_run, Result<void> whole, bool is_served = false) {
    return guard_check(
        {.file = "/db.guard", .is_served = is_served, .has_run = has_run, .whole = std::move(whole)});
  };
  const auto missing = failure(ErrorKind::not_found, "cannot open /db.guard");
  EXPECT_EQ(check(true, {}).verdict, Verdict::well);
  EXPECT_EQ(check(false, missing).verdict, Verdict::well);
  EXPECT_EQ(check(true, missing).verdict, Verdict::mend);
  EXPECT_THAT(check(true, missing).found,
              AllOf(HasSubstr("there is no /db.guard"), HasSubstr("would text no client's callers")));
  EXPECT_THAT(check(true, missing).advice, HasSubstr("start the service"));
  EXPECT_THAT(check(true, missing, true).advice, HasSubstr("see its log"));
  for (const bool has_run : {false, true}) {
    EXPECT_EQ(check(has_run, invalid("the guard's file is damaged")).verdict, Verdict::mend);
  }
}

}  // namespace
}  // namespace jobrun::doctor
