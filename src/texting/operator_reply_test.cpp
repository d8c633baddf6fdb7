#include "texting/operator_reply.hpp"

#include <gmock/gmock.h>

#include "conversation_codec.hpp"
#include "texting_test_support.hpp"

namespace jobrun::texting {
namespace {

using testing::HasSubstr;

class OperatorReply : public Texting {
 protected:
  Result<Commit> reply(E164 to = customer, E164 number = business_number) {
    return reply_as_operator({{client, number, to}, "reply-7-1", "We are on our way"},
                             {*directory, plan, policy, sign_ups, zones}, facts, noon);
  }
  std::string why_not(E164 to = customer, E164 number = business_number) {
    const Result<Commit> refused = reply(to, number);
    EXPECT_FALSE(refused);
    if (refused) return "";
    EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
    return refused.error().message;
  }
};

// Goal: an operator's words are promised to the customer once, from the number that he knows, in the client's
// name. Method: a customer of whom nothing is known.
TEST_F(OperatorReply, IsPromisedFromTheNumberThatTheCustomerKnows) {
  const Result<Commit> commit = reply();
  ASSERT_TRUE(commit) << commit.error().message;
  ASSERT_TRUE(commit->text);
  EXPECT_EQ(commit->text->id, (TextId{"reply-7-1", Purpose::customer_reply}));
  EXPECT_EQ(commit->text->origin, Origin::command);
  EXPECT_EQ(commit->text->pair, (CallerPair{customer, business_number}));
  EXPECT_EQ(commit->text->ways, (std::vector<Way>{{Account::first, business_number}}));
  EXPECT_EQ(commit->text->body, "We are on our way");
  EXPECT_EQ(commit->text->client, client);
}

// Goal: the conversation says that the business writes to him, whatever was known before.
// Method: nothing known; a job that was told; a state that nobody can read.
TEST_F(OperatorReply, IsRememberedInTheConversation) {
  ASSERT_TRUE(reply()->conversation);
  EXPECT_EQ(conversation_state_of(*reply()->conversation)->owner_wrote_at, noon);
  conversation::State state;
  state.step = conversation::Step::told;
  state.job.job = "boiler";
  facts.conversations = {record_of({client, business_number, customer}, state, noon - std::chrono::minutes{5})};
  const auto after = conversation_state_of(*reply()->conversation);
  EXPECT_EQ(after->owner_wrote_at, noon);
  EXPECT_EQ(after->step, conversation::Step::told);
  EXPECT_EQ(after->job.job, "boiler");
  EXPECT_EQ(reply()->conversation->active_at, noon);
  facts.conversations.front().state = "{";
  EXPECT_EQ(reply()->conversation->state, "{");
  EXPECT_EQ(reply()->conversation->active_at, noon);
}

// Goal: no rule that holds for our own texts to a customer is passed over, and the operator is told which.
// Method: each fact and limit alone; a number that is another's; a customer who was erased.
TEST_F(OperatorReply, IsRefusedWhereTheCustomerMayNotBeTexted) {
  facts.phone.opted_out = true;
  EXPECT_THAT(why_not(), HasSubstr("opted out"));
  facts.phone = {.blocked = true};
  EXPECT_THAT(why_not(), HasSubstr("blocked"));
  facts.phone = {.do_not_text = true};
  EXPECT_THAT(why_not(), HasSubstr("not to be texted"));
  facts.phone = {.landline = true};
  EXPECT_THAT(why_not(), HasSubstr("landline"));
  facts.phone = {};
  facts.today.client = policy.texts_per_client_and_day;
  EXPECT_THAT(why_not(), HasSubstr("limit for the day"));
  facts.today = {};
  facts.texts_of_late = policy.loop_texts_max;
  EXPECT_THAT(why_not(), HasSubstr("too often"));
  facts.texts_of_late = 0;
  facts.is_blocked = true;
  EXPECT_THAT(why_not(), HasSubstr("senders list"));
  facts.is_blocked = false;
  facts.knows_facts = false;
  EXPECT_THAT(why_not(), HasSubstr("facts_unknown"));
  facts.knows_facts = true;
  EXPECT_THAT(why_not(customer, registered), HasSubstr("is no number of client"));
  EXPECT_THAT(why_not(E164::from_digits(0)), HasSubstr("erased"));
  EXPECT_THAT(why_not(E164::from_digits(447'700'900'123)), HasSubstr("country"));
  ASSERT_TRUE(reply());
}

}  // namespace
}  // namespace jobrun::texting
