#include "vocabulary.hpp"

#include <algorithm>
#include <array>

namespace jobrun::onboarding {
namespace {

using Words = std::span<const std::string_view>;

struct TradeRow {
  std::string_view words;  ///< one or two
  std::string_view name;
  bool is_person;
};

constexpr std::array trades = {
    TradeRow{"plumber", "plumber", true},
    TradeRow{"plumbers", "plumber", true},
    TradeRow{"plumbing", "plumber", false},
    TradeRow{"fontanero", "plumber", true},
    TradeRow{"fontaneria", "plumber", false},
    TradeRow{"plomero", "plumber", true},
    TradeRow{"plomeria", "plumber", false},
    TradeRow{"plombier", "plumber", true},
    TradeRow{"plomberie", "plumber", false},
    TradeRow{"klempner", "plumber", true},
    TradeRow{"installateur", "plumber", true},
    TradeRow{"electrician", "electrician", true},
    TradeRow{"electricians", "electrician", true},
    TradeRow{"electrical", "electrician", false},
    TradeRow{"electrics", "electrician", false},
    TradeRow{"electricista", "electrician", true},
    TradeRow{"electricien", "electrician", true},
    TradeRow{"elektriker", "electrician", true},
    TradeRow{"carpenter", "carpenter", true},
    TradeRow{"carpentry", "carpenter", false},
    TradeRow{"joiner", "joiner", true},
    TradeRow{"joinery", "joiner", false},
    TradeRow{"carpintero", "carpenter", true},
    TradeRow{"charpentier", "carpenter", true},
    TradeRow{"menuisier", "carpenter", true},
    TradeRow{"tischler", "carpenter", true},
    TradeRow{"schreiner", "carpenter", true},
    TradeRow{"window cleaner", "window cleaner", true},
    TradeRow{"window cleaning", "window cleaner", false},
    TradeRow{"house cleaner", "cleaner", true},
    TradeRow{"house cleaning", "cleaner", false},
    TradeRow{"cleaner", "cleaner", true},
    TradeRow{"cleaners", "cleaner", true},
    TradeRow{"cleaning", "cleaner", false},
    TradeRow{"limpieza", "cleaner", false},
    TradeRow{"nettoyage", "cleaner", false},
    TradeRow{"reinigung", "cleaner", false},
    TradeRow{"gardener", "gardener", true},
    TradeRow{"gardening", "gardener", false},
    TradeRow{"jardinero", "gardener", true},
    TradeRow{"jardinier", "gardener", true},
    TradeRow{"gartner", "gardener", true},
    TradeRow{"landscaper", "landscaper", true},
    TradeRow{"landscaping", "landscaper", false},
    TradeRow{"lawn care", "lawn care", false},
    TradeRow{"tree surgeon", "tree surgeon", true},
    TradeRow{"roofer", "roofer", true},
    TradeRow{"roofing", "roofer", false},
    TradeRow{"painter", "painter", true},
    TradeRow{"painting", "painter", false},
    TradeRow{"decorator", "decorator", true},
    TradeRow{"pintor", "painter", true},
    TradeRow{"peintre", "painter", true},
    TradeRow{"maler", "painter", true},
    TradeRow{"plasterer", "plasterer", true},
    TradeRow{"plastering", "plasterer", false},
    TradeRow{"builder", "builder", true},
    TradeRow{"builders", "builder", true},
    TradeRow{"contractor", "contractor", true},
    TradeRow{"albanil", "builder", true},
    TradeRow{"handyman", "handyman", true},
    TradeRow{"locksmith", "locksmith", true},
    TradeRow{"locksmiths", "locksmith", true},
    TradeRow{"cerrajero", "locksmith", true},
    TradeRow{"serrurier", "locksmith", true},
    TradeRow{"mechanic", "mechanic", true},
    TradeRow{"mecanico", "mechanic", true},
    TradeRow{"mecanicien", "mechanic", true},
    TradeRow{"mechaniker", "mechanic", true},
    TradeRow{"auto repair", "mechanic", false},
    TradeRow{"hairdresser", "hairdresser", true},
    TradeRow{"hairdressing", "hairdresser", false},
    TradeRow{"hair salon", "hairdresser", false},
    TradeRow{"peluquera", "hairdresser", true},
    TradeRow{"peluqueria", "hairdresser", false},
    TradeRow{"coiffeur", "hairdresser", true},
    TradeRow{"coiffeuse", "hairdresser", true},
    TradeRow{"friseur", "hairdresser", true},
    TradeRow{"friseurin", "hairdresser", true},
    TradeRow{"barber", "barber", true},
    TradeRow{"barbershop", "barber", false},
    TradeRow{"dentist", "dentist", true},
    TradeRow{"dentista", "dentist", true},
    TradeRow{"dog groomer", "dog groomer", true},
    TradeRow{"dog grooming", "dog groomer", false},
    TradeRow{"dog walker", "dog walker", true},
    TradeRow{"dog walking", "dog walker", false},
    TradeRow{"groomer", "groomer", true},
    TradeRow{"photographer", "photographer", true},
    TradeRow{"photography", "photographer", false},
    TradeRow{"hvac", "HVAC", false},
    TradeRow{"heating engineer", "heating engineer", true},
    TradeRow{"heating", "heating engineer", false},
    TradeRow{"gas engineer", "gas engineer", true},
    TradeRow{"air conditioning", "air conditioning", false},
    TradeRow{"pest control", "pest control", false},
    TradeRow{"driving instructor", "driving instructor", true},
    TradeRow{"personal trainer", "personal trainer", true},
    TradeRow{"massage therapist", "massage therapist", true},
    TradeRow{"removals", "removals", false},
    TradeRow{"mover", "mover", true},
    TradeRow{"movers", "mover", true},
    TradeRow{"tiler", "tiler", true},
    TradeRow{"tiling", "tiler", false},
    TradeRow{"flooring", "flooring", false},
    TradeRow{"welder", "welder", true},
    TradeRow{"towing", "towing", false},
    TradeRow{"tutor", "tutor", true},
    TradeRow{"caterer", "caterer", true},
    TradeRow{"catering", "caterer", false},
    TradeRow{"accountant", "accountant", true},
    TradeRow{"lawyer", "lawyer", true},
    TradeRow{"realtor", "realtor", true},
    TradeRow{"chimney sweep", "chimney sweep", true},
};

struct CommandRow {
  std::string_view words;
  Command command;
};

constexpr std::array commands = {
    CommandRow{"help", Command::help},           CommandRow{"info", Command::help},
    CommandRow{"help me", Command::help},        CommandRow{"commands", Command::help},
    CommandRow{"ayuda", Command::help},          CommandRow{"aide", Command::help},
    CommandRow{"hilfe", Command::help},          CommandRow{"back", Command::back},
    CommandRow{"go back", Command::back},        CommandRow{"previous", Command::back},
    CommandRow{"atras", Command::back},          CommandRow{"retour", Command::back},
    CommandRow{"zuruck", Command::back},         CommandRow{"undo that", Command::back},
    CommandRow{"restart", Command::restart},     CommandRow{"reset", Command::restart},
    CommandRow{"start over", Command::restart},  CommandRow{"start again", Command::restart},
    CommandRow{"begin again", Command::restart}, CommandRow{"reiniciar", Command::restart},
    CommandRow{"recommencer", Command::restart}, CommandRow{"neustart", Command::restart},
    CommandRow{"person", Command::person},       CommandRow{"human", Command::person},
    CommandRow{"agent", Command::person},        CommandRow{"operator", Command::person},
    CommandRow{"real person", Command::person},  CommandRow{"talk to someone", Command::person},
    CommandRow{"call me", Command::person},      CommandRow{"speak to someone", Command::person},
    CommandRow{"support", Command::person},      CommandRow{"talk to a human", Command::person},
    CommandRow{"undo", Command::undo},           CommandRow{"cancel forwarding", Command::undo},
    CommandRow{"turn off", Command::undo},       CommandRow{"stop", Command::stop},
    CommandRow{"unsubscribe", Command::stop},    CommandRow{"start", Command::start},
    CommandRow{"unstop", Command::start},        CommandRow{"continue", Command::start},
};

constexpr std::string_view polite[] = {
    "hi",     "hello", "hey",   "heya",   "hiya", "howdy",  "yo",     "good",    "morning", "afternoon", "evening",
    "please", "pls",   "plz",   "thanks", "thx",  "ta",     "thank",  "you",     "cheers",  "mate",      "bro",
    "lol",    "haha",  "hola",  "buenos", "dias", "buenas", "tardes", "gracias", "favor",   "por",       "bonjour",
    "salut",  "merci", "hallo", "guten",  "tag",  "danke",  "bitte",  "there",   "sir",     "madam",     "guys",
    "team",   "ok",    "okay",  "well",   "um",   "uh",     "so",     "sorry",   "bye",     "jobrun",    "dear"};

constexpr std::string_view yes_words[] = {
    "yes",       "y",          "yep",     "yeah", "yup",    "ya",     "ok",     "okay",       "k",
    "kk",        "correct",    "right",   "sure", "fine",   "good",   "great",  "perfect",    "confirm",
    "confirmed", "si",         "claro",   "oui",  "ja",     "jawohl", "genau",  "vale",       "correcto",
    "daccord",   "absolutely", "exactly", "spot", "lovely", "cool",   "agreed", "affirmative"};
constexpr std::string_view yes_company[] = {
    "todo", "tout", "alles", "gut", "va",  "its",  "it",     "is", "thats", "that",       "this", "looks", "look",
    "all",  "on",   "to",    "me",  "the", "very", "sounds", "go", "ahead", "everything", "and",  "esta",  "bien"};
constexpr std::string_view no_words[] = {"no",  "n",    "nope", "nah",  "wrong",  "incorrect",
                                         "non", "nein", "not",  "nooo", "falsch", "mal"};
constexpr std::string_view no_company[] = {"its",     "it",    "is",    "thats",  "that", "this",
                                           "correct", "right", "quite", "really", "all",  "the",
                                           "yet",     "good",  "ok",    "esta",   "pas"};
constexpr std::string_view done_words[] = {"done",    "ready", "finished", "works",    "worked",
                                           "working", "set",   "called",   "complete", "completed",
                                           "hecho",   "listo", "fait",     "fertig",   "next"};
constexpr std::string_view trouble_words[] = {
    "not",     "doesnt",  "dont",  "didnt",   "error", "failed", "fails", "fail", "wont",  "cant", "cannot",
    "invalid", "nothing", "stuck", "problem", "isnt",  "wrong",  "help",  "how",  "issue", "no"};
constexpr std::string_view insults[] = {"fuck",   "fucking", "fucker",   "shit",    "bullshit", "idiot", "idiots",
                                        "scam",   "scammer", "spam",     "wtf",     "bitch",    "crap",  "asshole",
                                        "stupid", "moron",   "bollocks", "bastard", "piss",     "damn"};
constexpr std::string_view question_words[] = {"what",  "whats", "who", "whos", "why",  "how",
                                               "where", "when",  "is",  "do",   "does", "can",
                                               "could", "which", "huh", "que",  "quoi"};
constexpr std::string_view articles[] = {"a", "an", "the", "un", "una", "une", "ein", "eine", "el", "la", "le"};

constexpr std::string_view text_words[] = {"text",     "texts",   "txt",       "sms",    "message",
                                           "messages", "texting", "whatever",  "either", "anything",
                                           "mensaje",  "texte",   "nachricht", "phone"};
constexpr std::string_view email_words[] = {"email", "emails", "mail", "correo", "courriel", "mails"};
constexpr std::string_view both_words[] = {"both", "beide", "beides", "ambos", "deux", "dos"};
constexpr std::string_view alert_company[] = {
    "by",     "me",     "via",     "per",     "the",    "and",  "or",     "is",      "por",   "with",
    "just",   "only",   "prefer",  "i",       "id",     "a",    "to",     "my",      "at",    "send",
    "les",    "y",      "et",      "und",     "of",     "them", "an",     "in",      "want",  "use",
    "would",  "like",   "alerts",  "alert",   "it",     "fine", "works",  "best",    "guess", "actually",
    "rather", "better", "instead", "this",    "number", "here", "cell",   "mobile",  "think", "maybe",
    "great",  "good",   "be",      "suppose", "well",   "for",  "please", "address", "you",   "can",
    "los",    "dos",    "no",      "not",     "dont",   "have", "e"};

/// `yesss` is `yes`.
std::string_view unstretched(std::string_view word) {
  while (word.size() > 2 && word[word.size() - 1] == word[word.size() - 2]) word.remove_suffix(1);
  return word;
}

bool all_of_or(const Text& text, Words wanted, Words company) {
  bool found = false;
  for (const Piece& piece : text.pieces) {
    for (const Word& word : piece) {
      const bool is_wanted = is_one_of(word.folded, wanted) || is_one_of(unstretched(word.folded), wanted) ||
                             (word.folded.size() >= 6 && is_close_to_one_of(word.folded, wanted));
      if (!is_wanted && !is_one_of(word.folded, company) && !is_polite_noise(word)) return false;
      found = found || is_wanted;
    }
  }
  return found;
}

bool any_of(const Text& text, Words wanted) {
  const Piece all = text.words();
  return std::ranges::any_of(all, [wanted](const Word& word) { return is_one_of(word.folded, wanted); });
}

struct PhoneRow {
  std::string_view word;
  PhoneKind kind;
};

constexpr std::array phones = {
    PhoneRow{"iphone", PhoneKind::iphone},
    PhoneRow{"apple", PhoneKind::iphone},
    PhoneRow{"ios", PhoneKind::iphone},
    PhoneRow{"android", PhoneKind::android},
    PhoneRow{"samsung", PhoneKind::android},
    PhoneRow{"galaxy", PhoneKind::android},
    PhoneRow{"pixel", PhoneKind::android},
    PhoneRow{"huawei", PhoneKind::android},
    PhoneRow{"xiaomi", PhoneKind::android},
    PhoneRow{"motorola", PhoneKind::android},
    PhoneRow{"oneplus", PhoneKind::android},
    PhoneRow{"nokia", PhoneKind::other_mobile},
    PhoneRow{"mobile", PhoneKind::other_mobile},
    PhoneRow{"cell", PhoneKind::other_mobile},
    PhoneRow{"cellphone", PhoneKind::other_mobile},
    PhoneRow{"movil", PhoneKind::other_mobile},
    PhoneRow{"celular", PhoneKind::other_mobile},
    PhoneRow{"handy", PhoneKind::other_mobile},
    PhoneRow{"portable", PhoneKind::other_mobile},
    PhoneRow{"smartphone", PhoneKind::other_mobile},
    PhoneRow{"landline", PhoneKind::landline},
    PhoneRow{"house", PhoneKind::landline},
    PhoneRow{"home", PhoneKind::landline},
    PhoneRow{"desk", PhoneKind::landline},
    PhoneRow{"fixed", PhoneKind::landline},
    PhoneRow{"fijo", PhoneKind::landline},
    PhoneRow{"fixe", PhoneKind::landline},
    PhoneRow{"festnetz", PhoneKind::landline},
    PhoneRow{"land", PhoneKind::landline},
    PhoneRow{"voip", PhoneKind::office_system},
    PhoneRow{"office", PhoneKind::office_system},
    PhoneRow{"pbx", PhoneKind::office_system},
    PhoneRow{"system", PhoneKind::office_system},
    PhoneRow{"ringcentral", PhoneKind::office_system},
    PhoneRow{"vonage", PhoneKind::office_system},
    PhoneRow{"grasshopper", PhoneKind::office_system},
    PhoneRow{"3cx", PhoneKind::office_system},
    PhoneRow{"teams", PhoneKind::office_system},
    PhoneRow{"switchboard", PhoneKind::office_system},
    PhoneRow{"internet", PhoneKind::office_system},
};

struct NetworkRow {
  std::string_view word;
  Network network;
};

/// The networks, and those that sell their lines.
constexpr std::array networks = {
    NetworkRow{"verizon", Network::verizon},  NetworkRow{"vzw", Network::verizon},
    NetworkRow{"visible", Network::verizon},  NetworkRow{"xfinity", Network::verizon},
    NetworkRow{"spectrum", Network::verizon}, NetworkRow{"at&t", Network::att},
    NetworkRow{"att", Network::att},          NetworkRow{"cricket", Network::att},
    NetworkRow{"tmobile", Network::tmobile},  NetworkRow{"metro", Network::tmobile},
    NetworkRow{"mint", Network::tmobile},     NetworkRow{"sprint", Network::tmobile},
    NetworkRow{"other", Network::other},      NetworkRow{"another", Network::other},
    NetworkRow{"idk", Network::other},        NetworkRow{"unsure", Network::other},
    NetworkRow{"dunno", Network::other},
};

}  // namespace

std::optional<Trade> trade_at(std::span<const Word> words, bool allows_mistakes) {
  if (words.empty()) return std::nullopt;
  const auto is_same = [allows_mistakes](std::string_view typed, std::string_view word) {
    return allows_mistakes ? is_close(typed, word) : typed == word;
  };
  for (const TradeRow& row : trades) {
    const std::size_t space = row.words.find(' ');
    if (space == std::string_view::npos || words.size() < 2) continue;
    if (is_same(words[0].folded, row.words.substr(0, space)) &&
        is_same(words[1].folded, row.words.substr(space + 1))) {
      return Trade{row.name, row.is_person, 2};
    }
  }
  const TradeRow* close = nullptr;
  for (const TradeRow& row : trades) {
    if (words[0].folded == row.words) return Trade{row.name, row.is_person, 1};
    if (close == nullptr && is_same(words[0].folded, row.words)) close = &row;
  }
  return close == nullptr ? std::nullopt : std::optional(Trade{close->name, close->is_person, 1});
}

std::optional<Command> command_in(const Text& text, bool is_name_asked) {
  Piece core = text.words();
  std::erase_if(core, is_polite_noise);
  if (core.empty() || core.size() > 4) return std::nullopt;
  std::string said;
  for (const Word& word : core) said += (said.empty() ? "" : " ") + word.folded;
  for (const CommandRow& row : commands) {
    if (said == row.words) return row.command;
  }
  if (is_name_asked || core.size() > 1) return std::nullopt;
  for (const CommandRow& row : commands) {
    if (is_close(said, row.words)) return row.command;
  }
  return std::nullopt;
}

bool says_yes(const Text& text) {
  if (all_of_or(text, yes_words, yes_company)) return true;
  // `good` and `ok` are politeness as well.
  const Piece all = text.words();
  return all.size() == 1 && is_one_of(all[0].folded, yes_words);
}

bool says_no(const Text& text) {
  return all_of_or(text, no_words, no_company);
}

bool says_done(const Text& text) {
  return any_of(text, done_words) || says_yes(text);
}

bool says_trouble(const Text& text) {
  return text.is_question || any_of(text, trouble_words);
}

bool is_rude(const Text& text) {
  return any_of(text, insults);
}

bool is_polite_noise(const Word& word) {
  return is_one_of(word.folded, polite);
}

bool asks_for_codes(const Text& text) {
  constexpr std::string_view codes[] = {"codes", "code", "again", "instructions", "resend", "repeat"};
  return text.size() <= 5 && any_of(text, codes);
}

bool asks_to_undo(const Text& text) {
  constexpr std::string_view words[] = {"undo", "unforward", "deactivate"};
  return any_of(text, words);
}

bool says_forwarded(const Text& text) {
  const Piece all = text.words();
  return std::ranges::any_of(all, [](const Word& word) { return is_close(word.folded, "forwarded"); });
}

bool says_none(const Text& text) {
  constexpr std::string_view alone[] = {"none", "nothing", "idk", "dunno", "na", "n/a", "tbd", "unsure", "noname"};
  constexpr std::string_view lacks[] = {"havent", "dont", "no", "not", "without"};
  constexpr std::string_view what[] = {"name", "one", "yet", "know", "names"};
  const Piece all = text.words();
  if (all.size() == 1) return is_one_of(all[0].folded, alone);
  return all.size() <= 8 && any_of(text, lacks) && any_of(text, what);
}

bool is_filler(std::span<const Word> words) {
  return std::ranges::all_of(
      words, [](const Word& word) { return is_one_of(word.folded, yes_words) || is_polite_noise(word); });
}

bool is_polite_only(const Text& text) {
  const Piece all = text.words();
  return !text.has_only_marks && std::ranges::all_of(all, is_polite_noise);
}

bool begins_with_change(const Text& text) {
  constexpr std::string_view words[] = {"change", "correct", "update"};
  return !text.pieces.empty() && is_one_of(text.pieces.front().front().folded, words);
}

bool is_question(const Text& text, bool is_name_asked) {
  if (text.pieces.empty() || is_name_asked) return text.is_question;
  return text.is_question || is_one_of(text.pieces.front().front().folded, question_words);
}

bool is_article(const Word& word) {
  return is_one_of(word.folded, articles);
}

std::optional<AlertBy> alert_way_in(std::span<const Word> words) {
  bool by_text = false;
  bool by_email = false;
  for (const Word& word : words) {
    const std::string& said = word.folded;
    const bool is_both = is_close_to_one_of(said, both_words) || said == "3";
    const bool is_text = is_close_to_one_of(said, text_words) || said == "1";
    const bool is_email = is_close_to_one_of(said, email_words) || said == "2";
    if (!is_both && !is_text && !is_email && !is_one_of(said, alert_company) && !is_polite_noise(word))
      return std::nullopt;
    by_text = by_text || is_text || is_both;
    by_email = by_email || is_email || is_both;
  }
  if (by_text && by_email) return AlertBy::both;
  if (by_text) return AlertBy::text;
  return by_email ? std::optional(AlertBy::email) : std::nullopt;
}

std::optional<AlertBy> alert_way_among(std::span<const Word> words) {
  constexpr std::string_view sure[] = {"text", "texts", "txt", "sms", "email", "mail", "emails", "both"};
  Piece named;
  for (const Word& word : words) {
    if (is_one_of(word.folded, sure)) named.push_back(word);
  }
  return alert_way_in(named);
}

std::optional<PhoneKind> phone_in(std::span<const Word> words) {
  std::optional<PhoneKind> found;
  for (const Word& word : words) {
    const auto row =
        std::ranges::find_if(phones, [&](const PhoneRow& phone) { return is_close(word.folded, phone.word); });
    if (row == phones.end()) continue;
    // "android mobile" is an Android.
    if (!found || *found == PhoneKind::other_mobile) found = row->kind;
  }
  return found;
}

std::optional<Network> network_in(std::span<const Word> words) {
  for (const Word& word : words) {
    const auto row = std::ranges::find_if(
        networks, [&](const NetworkRow& network) { return is_close(word.folded, network.word); });
    if (row != networks.end()) return row->network;
    if (word.folded == "know" || word.folded == "sure") return Network::other;
  }
  const bool is_t_mobile = words.size() >= 2 && words[0].folded == "t" && words[1].folded == "mobile";
  return is_t_mobile ? std::optional(Network::tmobile) : std::nullopt;
}

}  // namespace jobrun::onboarding
