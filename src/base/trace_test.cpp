#include "base/trace.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdint>

namespace jobrun {
namespace {

/// Counts up, so that every id is another.
struct CountingRandom final : Random {
  std::uint64_t below(std::uint64_t bound) override { return next++ % bound; }
  std::uint64_t next = 0;
};

constexpr const char* sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr const char* trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";

// Goal: what the specification gives as an example is read, and so is what a later version adds at its end.
TEST(Traceparent, IsReadAsTheSpecificationWritesIt) {
  EXPECT_EQ(read_traceparent(sampled), (Trace{trace_id, true}));
  EXPECT_EQ(read_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"), (Trace{trace_id, false}));
  EXPECT_EQ(read_traceparent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03-what-the-future-adds"),
            (Trace{trace_id, true}));
}

// Goal: what is not exactly one is ignored, so that nobody's words become an id in the log.
// Method: the good one with one thing wrong each.
TEST(Traceparent, IsIgnoredUnlessItIsOneExactly) {
  for (const char* wrong : {"", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-011",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
                            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                            "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902bg-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
                            "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7_01",
                            " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}) {
    EXPECT_EQ(read_traceparent(wrong), std::nullopt) << wrong;
  }
  EXPECT_TRUE(rc::check([](const std::string& any) { static_cast<void>(read_traceparent(any)); }));
}

// Goal: what we say to others is of the same trace and a part of its own, and can be read by them.
TEST(Traceparent, IsPassedOnAsANewPart) {
  CountingRandom random;
  const Trace trace{trace_id, true};
  const std::string first = write_traceparent(trace, random);
  const std::string second = write_traceparent(trace, random);
  EXPECT_EQ(read_traceparent(first), trace);
  EXPECT_EQ(read_traceparent(second), trace);
  EXPECT_NE(first, second);
  EXPECT_NE(first, sampled);
}

// Goal: a request without a trace gets one of its own.
TEST(Traces, BeginOneWhereNoneIsTold) {
  CountingRandom random;
  Traces traces(random);
  EXPECT_EQ(traces.of_request(sampled), (Trace{trace_id, true}));
  const Trace own = traces.of_request("");
  const Trace other = traces.of_request("rubbish");
  EXPECT_NE(own.id, other.id);
  for (const Trace& trace : {own, other}) {
    EXPECT_EQ(read_traceparent(write_traceparent(trace, random)), trace);
    EXPECT_FALSE(trace.is_sampled);
  }
}

// Goal: the newest request about a call says which trace the call belongs to; of a stranger's call nothing is
// known.
TEST(Traces, KeepTheNewestOfEachCall) {
  CountingRandom random;
  Traces traces(random);
  const Trace first = traces.of_request("");
  const Trace second = traces.of_request("");
  traces.keep("CA1", first);
  traces.keep("CA1", second);
  traces.keep("", first);
  EXPECT_EQ(traces.of("CA1"), second);
  EXPECT_EQ(traces.of("CA2"), std::nullopt);
  EXPECT_EQ(traces.of(""), std::nullopt);
  EXPECT_EQ(traces.traceparent_for("CA2"), "");
  EXPECT_EQ(read_traceparent(traces.traceparent_for("CA1")), second);
}

// Goal: however many calls come, only the newest are remembered.
TEST(Traces, ForgetWhatIsOld) {
  CountingRandom random;
  Traces traces(random, 10);
  for (int i = 0; i < 100; ++i) traces.keep("CA" + std::to_string(i), traces.of_request(""));
  int known = 0;
  for (int i = 0; i < 100; ++i) known += traces.of("CA" + std::to_string(i)) ? 1 : 0;
  EXPECT_LE(known, 20);
  for (int i = 90; i < 100; ++i) EXPECT_TRUE(traces.of("CA" + std::to_string(i))) << i;
}

}  // namespace
}  // namespace jobrun
