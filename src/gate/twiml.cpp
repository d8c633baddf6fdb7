#include "gate/twiml.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/utf8.hpp"

namespace jobrun::gate {
namespace {

constexpr std::string_view document_start = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>";
constexpr std::string_view document_end = "</Response>";
constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

/// XML 1.0, production Char.
bool is_xml_character(std::uint32_t c) {
  return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
         c >= 0x10000;
}

/// How a code point is spelt; white space that parsers would normalise is spelt so that they do not.
std::string_view spelling_of(std::uint32_t code_point, std::string_view as_sent) {
  switch (code_point) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&apos;";
    case '\t':
      return "&#9;";
    case '\n':
      return "&#10;";
    case '\r':
      return "&#13;";
    default:
      return is_xml_character(code_point) ? as_sent : std::string_view();
  }
}

/// Appends `text` escaped, up to `bytes_max` bytes, never half a character. Fit for content and for attribute
/// values in double quotes. False when something had to be left out for length.
bool append_escaped(std::string& out, std::string_view text, std::size_t bytes_max) {
  const std::size_t size_max = out.size() + bytes_max;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    const std::string_view spelling =
        point.is_valid ? spelling_of(point.value, text.substr(0, point.size)) : replacement_character;
    if (out.size() + spelling.size() > size_max) return false;
    out += spelling;
    text.remove_prefix(point.size);
  }
  return true;
}

/// Writes verbs into a document, each whole or not at all.
class Writer {
 public:
  void operator()(const Say& say) {
    begin("Say");
    speak(say, 0);
    keep_or_drop();
  }

  void operator()(const Pause& pause) {
    begin("Pause");
    attribute("length", std::to_string(std::max<std::int64_t>(0, pause.length.count())));
    end_empty();
  }

  void operator()(const Hangup&) {
    begin("Hangup");
    end_empty();
  }

  void operator()(const Reject& reject) {
    begin("Reject");
    switch (reject.reason) {
      case Reject::Reason::rejected:
        attribute("reason", "rejected");
        break;
      case Reject::Reason::busy:
        attribute("reason", "busy");
        break;
    }
    end_empty();
  }

  void operator()(const Redirect& redirect) {
    begin("Redirect");
    out_ += '>';
    if (!append_escaped(out_, redirect.url, room())) is_cut_ = true;  // half a URL is no URL
    out_ += "</Redirect>";
    keep_or_drop();
  }

  void operator()(const Dial& dial) {
    begin("Dial");
    attribute("action", dial.action);
    attribute("method", dial.action.empty() ? "" : "POST");
    attribute("timeout", std::to_string(dial.timeout.count()));
    attribute("answerOnBridge", "true");
    out_ += '>';
    for (const Number& number : dial.numbers) {
      out_ += "<Number";
      attribute("url", number.url);
      attribute("method", number.url.empty() ? "" : "POST");
      out_ += '>';
      if (!append_escaped(out_, number.number, room())) is_cut_ = true;
      out_ += "</Number>";
    }
    out_ += "</Dial>";
    keep_or_drop();
  }

  void operator()(const Gather& gather) {
    constexpr std::string_view end = "</Gather>";
    begin("Gather");
    attribute("input", "dtmf");
    attribute("numDigits", "1");
    attribute("timeout", std::to_string(gather.timeout.count()));
    attribute("action", gather.action);
    attribute("method", gather.action.empty() ? "" : "POST");
    out_ += "><Say";
    speak(gather.say, end.size());
    out_ += end;
    keep_or_drop();
  }

  void operator()(const Record& record) {
    begin("Record");
    attribute("action", record.action);
    attribute("method", record.action.empty() ? "" : "POST");
    attribute("maxLength", std::to_string(record.length_max.count()));
    attribute("playBeep", "true");
    attribute("recordingStatusCallback", record.status_callback);
    attribute("recordingStatusCallbackMethod", record.status_callback.empty() ? "" : "POST");
    attribute("transcribe", record.transcription_callback.empty() ? "" : "true");
    attribute("transcribeCallback", record.transcription_callback);
    end_empty();
  }

  std::string finish() {
    out_ += document_end;
    return std::move(out_);
  }

 private:
  std::size_t room() const {
    const std::size_t used = out_.size() + document_end.size();
    return used < twiml_bytes_max ? twiml_bytes_max - used : 0;
  }
  bool fits_so_far(std::size_t more) const { return room() > more; }

  void begin(std::string_view name) {
    kept_size_ = out_.size();
    is_cut_ = false;
    out_ += '<';
    out_ += name;
  }

  /// The rest of a Say from its attributes on; `bytes_after` are left free behind it.
  void speak(const Say& say, std::size_t bytes_after) {
    constexpr std::string_view end = "</Say>";
    attribute("voice", say.voice);
    attribute("language", say.language);
    out_ += '>';
    const std::size_t after = end.size() + bytes_after;
    if (fits_so_far(after)) append_escaped(out_, say.text, room() - after);
    out_ += end;
  }

  void attribute(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    if (!append_escaped(out_, value, room())) is_cut_ = true;
    out_ += '"';
  }

  void end_empty() {
    out_ += "/>";
    keep_or_drop();
  }

  void keep_or_drop() {
    const bool fits = out_.size() + document_end.size() <= twiml_bytes_max;
    if (!fits || is_cut_) out_.resize(kept_size_);
  }

  std::string out_{document_start};
  std::size_t kept_size_ = 0;
  bool is_cut_ = false;
};

}  // namespace

std::string write_twiml(std::span<const Verb> verbs) {
  Writer writer;
  for (const Verb& verb : verbs) std::visit(writer, verb);
  return writer.finish();
}

namespace {

/// The carrier speaks American English unless it is told otherwise.
std::string_view spoken_language(Locale locale) {
  switch (locale) {
    case Locale::en_us:
      return {};
    case Locale::en_gb:
      return "en-GB";
    case Locale::es:
      return "es-ES";
    case Locale::pl:
      return "pl-PL";
    case Locale::fr:
      return "fr-FR";
  }
  return {};
}

Say words_of(const VoiceAnswer& answer) {
  return {.text = answer.say, .language = std::string(spoken_language(answer.locale))};
}

/// The verbs that follow an answer's words.
struct VerbsOf {
  const VoiceAnswer& answer;
  std::string_view path_prefix;

  std::vector<Verb> operator()(const EndCall&) const { return {Hangup{}}; }
  std::vector<Verb> operator()(const Connect&) const { return {}; }
  std::vector<Verb> operator()(const RingPhones& ring) const {
    Dial dial{.numbers = {},
              .timeout = std::chrono::duration_cast<std::chrono::seconds>(ring.ring_time),
              .action = path("dial-result?behind=" + std::to_string(ring.phones_behind))};
    for (const E164 phone : ring.phones) dial.numbers.push_back({phone.text(), path("screen?" + about_call())});
    return {std::move(dial)};
  }
  std::vector<Verb> operator()(const AskToAccept&) const {
    return {
        Gather{
            .say = words_of(answer), .action = path("screen-result?" + about_call()), .timeout = acceptance_time},
        Hangup{}};
  }
  std::vector<Verb> operator()(const TakeMessage&) const {
    return {Record{.action = path("recording?" + about_number()),
                   .status_callback = path("recording-status?" + about_number()),
                   .transcription_callback = path("transcription?" + about_number()),
                   .length_max = message_length_max},
            Hangup{}};
  }

 private:
  std::string path(const std::string& end) const { return std::string(path_prefix) + "/twilio/" + end; }
  std::string about_number() const {
    return "number=" + (answer.number ? std::to_string(answer.number->digits()) : std::string());
  }
  std::string about_call() const { return "call=" + answer.call_sid + "&" + about_number(); }
};

}  // namespace

std::string write_voice_answer(const std::optional<VoiceAnswer>& answer, std::string_view path_prefix) {
  const VoiceAnswer given = answer.value_or(VoiceAnswer{});
  std::vector<Verb> verbs = std::visit(VerbsOf{given, path_prefix}, given.then);
  const bool is_asked = std::holds_alternative<AskToAccept>(given.then);
  if (!given.say.empty() && !is_asked) verbs.insert(verbs.begin(), words_of(given));
  return write_twiml(verbs);
}

}  // namespace jobrun::gate
