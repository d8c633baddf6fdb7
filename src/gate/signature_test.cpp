#include "gate/signature.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <stdexcept>

#include "net/form_encoding.hpp"

namespace jobrun::gate {
namespace {

// The carrier's own vectors: token, URL, parameters, signature.
const std::string token = "12345";
const std::string base = "https://mycompany.com";
const std::string target = "/myapp.php?foo=1&bar=2";
const Parameters call_parameters = {{"CallSid", "CA1234567890ABCDE"},
                                    {"Caller", "+14158675309"},
                                    {"Digits", "1234"},
                                    {"From", "+14158675309"},
                                    {"To", "+18005551212"}};
const std::string call_signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
const std::string call_signature_with_port = "kvajT1Ptam85bY51eRf/AJRuM3w=";
const std::string json_body = R"({"property": "value", "boolean": true})";
const std::string json_target =
    target + "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
const std::string json_signature = "a9nBmqA0ju/hNViExpshrM61xv4=";

Form form_of(const Parameters& parameters) {
  Result<Form> form = Form::parse(net::form_encoded(parameters));
  if (!form) throw std::logic_error(form.error().message);
  return std::move(*form);
}

bool accepts(std::string_view public_url, const Parameters& parameters, std::string_view signature,
             const std::vector<std::string>& tokens = {token}, std::string_view at = target) {
  return SignatureCheck(public_url, tokens).accepts_form(at, form_of(parameters), signature);
}

// Goal: the carrier's published vectors hold, whichever way the port is written on either side.
// Method: both signatures against both spellings of the public URL.
TEST(Signature, AgreesWithTheCarriersVectors) {
  for (const std::string url : {"https://mycompany.com", "https://mycompany.com:443", "https://mycompany.com/"}) {
    EXPECT_TRUE(accepts(url, call_parameters, call_signature)) << url;
    EXPECT_TRUE(accepts(url, call_parameters, call_signature_with_port)) << url;
  }
  EXPECT_TRUE(accepts(base,
                      {{"MessagingServiceSid", "b"}, {"MessagingServiceSid", "a"}, {"MessagingServiceSid", "a"}},
                      "9HFcBMNMvahMEcbtFvhGiZIeh6s="));
}

// Goal: our own signing, which plays the carrier, gives the same signatures.
// Method: the vectors again, from the other side; a fragment is not signed.
TEST(Signature, SignsAsTheCarrierDoes) {
  EXPECT_EQ(sign_form(token, base + target, call_parameters), call_signature);
  EXPECT_EQ(sign_form(token, base + ":443" + target + "#rc=2", call_parameters), call_signature_with_port);
  EXPECT_EQ(with_body_hash(base + target, json_body), base + json_target);
  EXPECT_EQ(sign_form(token, base + json_target, {}), json_signature);
}

// Goal: a JSON body is covered by the hash in the query, and the hash by the signature.
// Method: the vector; then another body, no hash, another hash, and the hash in capitals.
TEST(Signature, CoversABodyThatIsNoForm) {
  SignatureCheck check(base, {token});
  EXPECT_TRUE(check.accepts_body(json_target, json_body, json_signature));
  EXPECT_FALSE(check.accepts_body(json_target, json_body + " ", json_signature));
  EXPECT_FALSE(check.accepts_body(target, json_body, sign_form(token, base + target, {})));
  std::string other = json_target;
  other.back() = '1';
  EXPECT_FALSE(check.accepts_body(other, json_body, sign_form(token, base + other, {})));
  std::string capitals = with_body_hash("/x", json_body);
  std::transform(capitals.begin() + 14, capitals.end(), capitals.begin() + 14,
                 [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); });
  EXPECT_TRUE(check.accepts_body(capitals, json_body, sign_form(token, base + capitals, {})));
}

// Goal: a GET is signed by its URL alone.
// Method: a signed GET, then the same with another query.
TEST(Signature, CoversAGet) {
  SignatureCheck check(base, {token});
  EXPECT_TRUE(check.accepts_get("/a?b=%20c", sign_form(token, base + "/a?b=%20c", {})));
  EXPECT_FALSE(check.accepts_get("/a?b=+c", sign_form(token, base + "/a?b=%20c", {})));
  EXPECT_FALSE(check.accepts_get("/a?b=%20d", sign_form(token, base + "/a?b=%20c", {})));
}

// Goal: while tokens rotate, each of them may sign, and no other.
// Method: two tokens; signatures by both, by a third, by none.
TEST(Signature, MayComeFromAnyConfiguredToken) {
  const std::vector<std::string> both = {"new", token};
  EXPECT_TRUE(accepts(base, call_parameters, call_signature, both));
  EXPECT_TRUE(accepts(base, call_parameters, sign_form("new", base + target, call_parameters), both));
  EXPECT_FALSE(accepts(base, call_parameters, sign_form("old", base + target, call_parameters), both));
  EXPECT_FALSE(accepts(base, call_parameters, "", both));
}

// Goal: only a default port may be left out or added; another port is part of the name.
// Method: rows of public URL and the URL that was signed.
TEST(Signature, KnowsWhichPortIsTheDefault) {
  const auto agree = [](std::string_view public_url, const std::string& signed_url) {
    return accepts(public_url, call_parameters, sign_form(token, signed_url + target, call_parameters));
  };
  EXPECT_TRUE(agree("http://a.example", "http://a.example:80"));
  EXPECT_TRUE(agree("http://a.example:80", "http://a.example"));
  EXPECT_TRUE(agree("http://127.0.0.1:8080", "http://127.0.0.1:8080"));
  EXPECT_TRUE(agree("https://a.example/base", "https://a.example:443/base"));
  EXPECT_TRUE(agree("https://[::1]", "https://[::1]:443"));
  EXPECT_TRUE(agree("https://[::1]:443/", "https://[::1]"));
  EXPECT_FALSE(agree("http://a.example", "http://a.example:443"));
  EXPECT_FALSE(agree("https://a.example:8443", "https://a.example"));
  EXPECT_FALSE(agree("https://a.example", "https://a.example:8443"));
  EXPECT_FALSE(agree("https://a.example", "http://a.example"));
}

// Goal: parameters are signed in the carrier's order, which is that of UTF-16 units.
// Method: two values of one name that UTF-8 bytes and UTF-16 units order differently.
TEST(Signature, SortsAsTheCarrierDoes) {
  const std::string private_use = "\uE000";
  const std::string astral = "\U00010000";
  const std::string as_utf16 = sign_form(token, base + target + "n" + astral + "n" + private_use, {});
  EXPECT_TRUE(accepts(base, {{"n", private_use}, {"n", astral}}, as_utf16));
  EXPECT_TRUE(
      accepts(base, {{"ab", "1"}, {"a", "2"}, {"B", "3"}}, sign_form(token, base + target + "B3a2ab1", {})));
}

// Goal: values are signed as they are, blanks included.
// Method: a value with blanks around it, against the signature of the trimmed one.
TEST(Signature, DoesNotTrim) {
  EXPECT_TRUE(accepts(base, {{"Body", " hi "}}, sign_form(token, base + target, {{"Body", " hi "}})));
  EXPECT_FALSE(accepts(base, {{"Body", " hi "}}, sign_form(token, base + target, {{"Body", "hi"}})));
}

// Goal: a service that could not accept any webhook does not start.
// Method: unusable options, each alone.
TEST(Signature, RefusesUnusableSettings) {
  for (const std::string url : {"", "mycompany.com", "ftp://mycompany.com", "https://", "https:///x",
                                "https://mycompany.com/?a=b", "https://mycompany.com#x"}) {
    EXPECT_THROW(SignatureCheck(url, {token}), std::invalid_argument) << url;
  }
  EXPECT_THROW(SignatureCheck(base, {}), std::invalid_argument);
  EXPECT_THROW(SignatureCheck(base, {""}), std::invalid_argument);
}

rc::Gen<Parameters> any_parameters() {
  const auto name =
      rc::gen::elementOf(std::vector<std::string>{"CallSid", "From", "To", "CallStatus", "a", "ab", "b"});
  const auto text = rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
  return rc::gen::container<Parameters>(rc::gen::pair(name, text));
}

// Goal: what is signed is accepted, in whatever order its parameters arrive.
// Method: random parameters are signed, shuffled, checked.
TEST(Signature, AcceptsWhatWasSigned) {
  EXPECT_TRUE(rc::check("sign, shuffle, check", [] {
    const Parameters parameters = *any_parameters();
    const std::string at = "/p?" + std::to_string(*rc::gen::inRange(0, 1000));
    const std::string secret =
        *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange<char>('0', 'z')));
    const std::string signature = sign_form(secret, base + at, parameters);
    Parameters shuffled = parameters;
    for (std::size_t i = shuffled.size(); i > 1; --i) {
      std::swap(shuffled[i - 1], shuffled[*rc::gen::inRange<std::size_t>(0, i)]);
    }
    RC_ASSERT(accepts(base, shuffled, signature, {secret}, at));
  }));
}

/// What is signed: two requests that differ in it are different requests.
std::string signed_data(std::string_view at, Parameters parameters) {
  std::ranges::sort(parameters);
  const auto repeats = std::ranges::unique(parameters);
  parameters.erase(repeats.begin(), repeats.end());
  std::string data(at);
  for (const auto& [name, value] : parameters) data += name + value;
  return data;
}

// Goal: no byte of the path, query, names, values, token or signature can change unnoticed.
// Method: a valid request in which one random byte of one part is replaced.
TEST(Signature, RefusesAnyChangedByte) {
  EXPECT_TRUE(rc::check("change one byte", [] {
    Parameters parameters = *rc::gen::nonEmpty(any_parameters());
    std::string at = "/twilio/status?a=1";
    std::string secret = token;
    std::string signature = sign_form(secret, base + at, parameters);
    const std::string before = secret + signature + signed_data(at, parameters);
    std::vector<std::string*> parts = {&at, &secret, &signature};
    for (auto& [name, value] : parameters) {
      parts.push_back(&name);
      if (!value.empty()) parts.push_back(&value);
    }
    std::string& part = *parts[*rc::gen::inRange<std::size_t>(0, parts.size())];
    part[*rc::gen::inRange<std::size_t>(0, part.size())] = *rc::gen::inRange<char>('!', 127);
    RC_PRE(secret + signature + signed_data(at, parameters) != before);
    RC_ASSERT(!accepts(base, parameters, signature, {secret}, at));
  }));
}

// Goal: parameters cannot be added or taken away.
// Method: a valid request with one parameter more or less.
TEST(Signature, RefusesAnAddedOrMissingParameter) {
  Parameters more = call_parameters;
  more.emplace_back("Extra", "");
  EXPECT_FALSE(accepts(base, more, call_signature));
  Parameters fewer = call_parameters;
  fewer.pop_back();
  EXPECT_FALSE(accepts(base, fewer, call_signature));
}

// Goal: every byte of a signature counts.
// Method: a valid one with each of its bytes changed in turn.
TEST(Signature, IsComparedToItsLastByte) {
  ASSERT_TRUE(accepts(base, call_parameters, call_signature));
  for (std::size_t at = 0; at < call_signature.size(); ++at) {
    std::string wrong = call_signature;
    wrong[at] = wrong[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(accepts(base, call_parameters, wrong)) << "byte " << at;
  }
}

// Goal: base64 that decodes to the same bytes, or is longer or shorter, is not the signature.
// Method: variations of the text of a valid signature.
TEST(Signature, IsComparedAsWritten) {
  for (const std::string wrong : {"RSOYDt4T1cUTdK1PDd93/VVr8B8", "RSOYDt4T1cUTdK1PDd93/VVr8B8==",
                                  "RSOYDt4T1cUTdK1PDd93/VVr8B9=", " RSOYDt4T1cUTdK1PDd93/VVr8B8="}) {
    EXPECT_FALSE(accepts(base, call_parameters, wrong)) << wrong;
  }
}

}  // namespace
}  // namespace jobrun::gate
