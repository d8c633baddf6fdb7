#include <gtest/gtest.h>

#include "gate_test_support.hpp"

namespace jobrun::gate {
namespace {

const std::string path = "/twilio/sms";
const std::string sid = "MM0123456789abcdef0123456789abcdef";

const Parameters sms_parameters = {{"MessageSid", sid},
                                   {"SmsSid", sid},
                                   {"SmsStatus", "received"},
                                   {"From", "+14155550123"},
                                   {"To", "+14155550100"},
                                   {"Body", "Leak under the sink, today \U0001F4A7"},
                                   {"NumMedia", "2"},
                                   {"MediaUrl0", "https://api.twilio.com/Media/ME1"},
                                   {"MediaContentType0", "image/jpeg"},
                                   {"MediaUrl1", "https://api.twilio.com/Media/ME2"},
                                   {"MediaContentType1", "video/mp4; codecs=avc1"},
                                   {"OptOutType", "HELP"},
                                   {"FromCity", "SAN FRANCISCO"}};

using InboundTextWebhook = GateTest;

// Goal: an inbound text becomes an InboundText with everything it said, answered by an empty document once
// durable. Method: a full webhook; every field of the event; the answer before and after the sink's.
TEST_F(InboundTextWebhook, BecomesAnInboundText) {
  EXPECT_FALSE(ask(signed_post(path, sms_parameters))) << "answered before it is durable";
  const auto text = only_event<InboundText>();
  EXPECT_EQ(text.message_sid, sid);
  EXPECT_EQ(text.sender, Caller::parse("+14155550123"));
  EXPECT_EQ(text.number, E164::from_digits(14155550100));
  EXPECT_EQ(text.number_text, "+14155550100");
  EXPECT_EQ(text.body, "Leak under the sink, today \U0001F4A7");
  EXPECT_EQ(text.media, (std::vector<MediaLink>{{"https://api.twilio.com/Media/ME1", "image/jpeg"},
                                                {"https://api.twilio.com/Media/ME2", "video/mp4"}}));
  EXPECT_EQ(text.opt_out_type, OptOutType::help);
  EXPECT_EQ(text.origin, Origin::text);
  EXPECT_FALSE(text.at);
  sink.finish(Receipt{});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->content_type, "text/xml");
  EXPECT_EQ(response->body, "<Response/>");
  EXPECT_EQ(meter.of(Metric::webhooks, path, "200"), 1);
}

// Goal: any parameter but the sid may be missing, and what is unusual loses no text.
// Method: one thing changes in each row.
TEST_F(InboundTextWebhook, IsTakenWhateverIsMissingOrOdd) {
  const auto text_of = [&](const Parameters& parameters) {
    sink.events.clear();
    ask(signed_post(path, parameters));
    return only_event<InboundText>();
  };
  EXPECT_EQ(text_of({{"MessageSid", sid}}).body, "");
  EXPECT_EQ(text_of(without(sms_parameters, "MessageSid")).message_sid, sid) << "SmsSid stands in for it";
  EXPECT_EQ(text_of(without(sms_parameters, "From")).sender.kind(), CallerKind::withheld);
  EXPECT_EQ(text_of(with(sms_parameters, "From", "12345")).sender.kind(), CallerKind::short_code);
  EXPECT_EQ(text_of(without(sms_parameters, "To")).number, std::nullopt);
  EXPECT_EQ(text_of(with(sms_parameters, "To", std::string(100, '7'))).number_text.size(), 64U);
  EXPECT_EQ(text_of(with(sms_parameters, "OptOutType", "MAYBE")).opt_out_type, std::nullopt);
  EXPECT_EQ(text_of(with(sms_parameters, "NumMedia", "-1")).media.size(), 2U);
}

// Goal: words and links are bounded: what is too long is shortened between two characters, what is no link
// left out. Method: words at and beyond the limit, in characters of one and four bytes; links of every wrong
// kind; too many.
TEST_F(InboundTextWebhook, IsBounded) {
  const auto body_of = [&](const std::string& body) {
    sink.events.clear();
    ask(signed_post(path, with(sms_parameters, "Body", body)));
    return only_event<InboundText>().body;
  };
  EXPECT_EQ(body_of(std::string(1'600, 'x')), std::string(1'600, 'x'));
  EXPECT_EQ(body_of(std::string(1'601, 'x')), std::string(1'600, 'x'));
  std::string drops;
  for (int i = 0; i < 1'601; ++i) drops += "\U0001F4A7";
  EXPECT_EQ(body_of(drops), drops.substr(0, std::size_t{4} * 1'600));

  Parameters many = {{"MessageSid", sid}};
  for (int i = 0; i < 12; ++i)
    many.emplace_back("MediaUrl" + std::to_string(i), "https://a.example/" + std::to_string(i));
  sink.events.clear();
  ask(signed_post(path, many));
  EXPECT_EQ(only_event<InboundText>().media.size(), media_links_max);
  for (const std::string& url : {std::string("ftp://a.example/1"), std::string("javascript:1"), std::string(),
                                 "https://a.example/" + std::string(2'000, 'x'), std::string("https://a b")}) {
    sink.events.clear();
    ask(signed_post(path, with(sms_parameters, "MediaUrl0", url)));
    EXPECT_EQ(only_event<InboundText>().media.size(), 1U) << url;
  }
}

// Goal: what is not surely the carrier's text is refused, as for every other webhook, and nothing of it is
// kept.
// Method: one thing wrong at a time; every parameter that decides something given twice.
TEST_F(InboundTextWebhook, RefusesWhatIsNotSurelyTheCarriers) {
  expect_refused(signed_post(path, without(without(sms_parameters, "MessageSid"), "SmsSid")), 400,
                 "missing_message_sid");
  for (const std::string& bad :
       {std::string("S"), std::string(65, 'S'), std::string("SM 1"), std::string("SM'1")}) {
    expect_refused(signed_post(path, with(sms_parameters, "MessageSid", bad)), 400, "malformed_message_sid");
  }
  for (const char* name : {"MessageSid", "From", "To", "Body", "OptOutType"}) {
    Parameters twice = sms_parameters;
    twice.emplace_back(name, "x");
    expect_refused(signed_post(path, twice), 400, "repeated_parameter");
  }
  net::HttpRequest forged = signed_post(path, sms_parameters);
  forged.body += "&Body2=x";
  expect_refused(std::move(forged), 403, "wrong_signature");
  net::HttpRequest unsigned_one = signed_post(path, sms_parameters);
  std::erase_if(unsigned_one.headers, [](const auto& header) { return header.first == "x-twilio-signature"; });
  expect_refused(std::move(unsigned_one), 403, "missing_signature");
  net::HttpRequest get = signed_post(path, sms_parameters);
  get.method = "GET";
  expect_refused(std::move(get), 405, "wrong_method");
  net::HttpRequest no_utf8 = signed_post(path, sms_parameters);
  no_utf8.body = "MessageSid=SM1&Body=%FF";
  expect_refused(std::move(no_utf8), 400, "malformed_form");
}

// Goal: a text that could not be made durable is not acknowledged.
TEST_F(InboundTextWebhook, IsRefusedWhenItCannotBeKept) {
  ask(signed_post(path, sms_parameters));
  sink.finish(failure(ErrorKind::unavailable, "the disk is full"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(log.text().find("Leak"), std::string::npos) << "its words are in no log line";
  EXPECT_EQ(log.lines.at(0).correlation_id, sid);
}

}  // namespace
}  // namespace jobrun::gate
