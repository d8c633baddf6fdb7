#include "twiml_document.hpp"

#include <expat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <utility>

namespace jobrun::simulator {

namespace {

/// Expat's callbacks fill this. `open` points into `root`: only the last child of an open element grows, so
/// the pointers stay good.
struct Reading {
  XML_Parser parser = nullptr;
  Element root;
  bool has_root = false;
  std::vector<Element*> open;
  std::size_t elements = 0;
  std::string problem;

  void stop(std::string why) {
    if (problem.empty()) problem = std::move(why);
    XML_StopParser(parser, XML_FALSE);
  }
};

void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
  auto& reading = *static_cast<Reading*>(data);
  if (++reading.elements > twiml_elements_max || reading.open.size() >= twiml_depth_max) {
    reading.stop("too many elements or nested too deeply");
    return;
  }
  Element element;
  element.name = name;
  for (; *attributes != nullptr; attributes += 2) element.attributes.emplace_back(attributes[0], attributes[1]);
  if (reading.open.empty()) {
    reading.root = std::move(element);
    reading.has_root = true;
    reading.open.push_back(&reading.root);
  } else {
    std::vector<Element>& siblings = reading.open.back()->children;
    siblings.push_back(std::move(element));
    reading.open.push_back(&siblings.back());
  }
}

void on_end(void* data, const XML_Char*) {
  auto& reading = *static_cast<Reading*>(data);
  // Expat still reports the end of an empty element at whose start it was stopped.
  if (!reading.problem.empty()) return;
  Element* ended = reading.open.back();
  reading.open.pop_back();
  if (!reading.open.empty()) reading.open.back()->text += ended->text;
}

void on_text(void* data, const XML_Char* text, int length) {
  auto& reading = *static_cast<Reading*>(data);
  if (!reading.open.empty()) reading.open.back()->text.append(text, static_cast<std::size_t>(length));
}

void on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  static_cast<Reading*>(data)->stop("a DOCTYPE is not allowed");
}

/// The media type without its parameters, in lower case.
std::string media_type(std::string_view content_type) {
  std::string type{content_type.substr(0, content_type.find(';'))};
  std::erase_if(type, [](char c) { return c == ' ' || c == '\t'; });
  std::ranges::transform(type, type.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return type;
}

struct Verb {
  std::string_view name;
  std::string_view attributes;  ///< space-separated
  std::string_view children;    ///< space-separated; `*`: not looked at
};

constexpr std::array verbs = {
    Verb{"Response", "", "Say Play Pause Gather Record Dial Redirect Hangup Reject Message Sms Leave"},
    Verb{"Say", "voice language loop", "*"},
    Verb{"Play", "loop digits", ""},
    Verb{"Pause", "length", ""},
    Verb{"Hangup", "", ""},
    Verb{"Leave", "", ""},
    Verb{"Reject", "reason", ""},
    Verb{"Redirect", "method", ""},
    Verb{"Gather",
         "action method input timeout numDigits finishOnKey speechTimeout language hints actionOnEmptyResult "
         "partialResultCallback partialResultCallbackMethod profanityFilter enhanced speechModel bargeIn "
         "maxSpeechTime dtmfDetection debug",
         "Say Play Pause"},
    Verb{"Record",
         "action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback "
         "recordingStatusCallbackMethod recordingStatusCallbackEvent transcribe transcribeCallback",
         ""},
    Verb{"Dial",
         "action method timeout hangupOnStar timeLimit callerId record trim recordingStatusCallback "
         "recordingStatusCallbackMethod recordingStatusCallbackEvent recordingTrack answerOnBridge ringTone "
         "sequential referUrl referMethod",
         "Number Client Sip Queue Conference Sim"},
    Verb{"Number",
         "url method sendDigits statusCallback statusCallbackEvent statusCallbackMethod byoc machineDetection "
         "amdStatusCallback",
         ""},
    Verb{"Message", "to from action method statusCallback", "Body Media"},
    Verb{"Sms", "to from action method statusCallback", ""},
    Verb{"Body", "", ""},
    Verb{"Media", "", ""},
};

/// Whether `word` is one of the space-separated `words`.
bool is_listed(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t space = words.find(' ');
    if (words.substr(0, space) == word) return true;
    if (space == std::string_view::npos) return false;
    words.remove_prefix(space + 1);
  }
  return false;
}

void note_unknown_parts(const Element& element, std::vector<TwimlProblem>& problems) {
  const auto verb = std::ranges::find(verbs, std::string_view{element.name}, &Verb::name);
  if (verb == verbs.end()) return;
  for (const auto& [name, value] : element.attributes) {
    if (!is_listed(verb->attributes, name)) {
      problems.push_back({12200, "<" + element.name + "> has no attribute `" + name + "`"});
    }
  }
  if (verb->children == "*") return;
  for (const Element& child : element.children) {
    if (!is_listed(verb->children, child.name)) {
      problems.push_back({12200, "<" + child.name + "> is not allowed in <" + element.name + ">"});
    }
    note_unknown_parts(child, problems);
  }
}

}  // namespace

std::expected<Element, TwimlProblem> read_twiml(std::string_view content_type, std::string_view body) {
  if (body.size() > twiml_bytes_max) {
    return std::unexpected(TwimlProblem{11750, "TwiML response body too large: " + std::to_string(body.size())});
  }
  const std::string type = media_type(content_type);
  if (type == "text/plain") {
    Element say{"Say", {}, std::string(body), {}};
    return Element{"Response", {}, say.text, {say}};
  }
  if (type != "text/xml" && type != "application/xml" && type != "text/html") {
    return std::unexpected(TwimlProblem{12300, "Invalid Content-Type: `" + type.substr(0, 80) + "`"});
  }
  Reading reading;
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate("UTF-8"),
                                                                            &XML_ParserFree);
  reading.parser = parser.get();
  XML_SetUserData(parser.get(), &reading);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
  if (XML_Parse(parser.get(), body.data(), static_cast<int>(body.size()), 1) != XML_STATUS_OK) {
    const std::string why =
        !reading.problem.empty() ? reading.problem : XML_ErrorString(XML_GetErrorCode(parser.get()));
    return std::unexpected(TwimlProblem{12100, "Document parse failure: " + why + " at line " +
                                                   std::to_string(XML_GetCurrentLineNumber(parser.get()))});
  }
  if (!reading.has_root || reading.root.name != "Response") {
    return std::unexpected(TwimlProblem{12100, "Document parse failure: the root is not <Response>"});
  }
  return std::move(reading.root);
}

std::vector<TwimlProblem> unknown_parts(const Element& response) {
  std::vector<TwimlProblem> problems;
  note_unknown_parts(response, problems);
  return problems;
}

std::string resolved_url(std::string_view base, std::string_view reference) {
  if (reference.empty()) return std::string(base);
  if (reference.starts_with("http://") || reference.starts_with("https://")) return std::string(reference);
  base = base.substr(0, base.find_first_of("?#"));
  const std::size_t host = base.find("://");
  const std::size_t path = host == std::string_view::npos ? base.npos : base.find('/', host + 3);
  const std::string_view origin = base.substr(0, path);
  if (reference.starts_with('/')) return std::string(origin) + std::string(reference);
  if (path == std::string_view::npos) return std::string(origin) + "/" + std::string(reference);
  return std::string(base.substr(0, base.rfind('/') + 1)) + std::string(reference);
}

}  // namespace jobrun::simulator
