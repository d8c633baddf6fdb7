// French, polite. Texts choose words whose accents GSM-7 has.
#include "catalogue_parts.hpp"

namespace jobrun {
namespace {

constexpr Lines lines = {{
    {Phrase::say_will_text,
     "Vous êtes bien chez {business}. Désolés, nous ne pouvons pas vous répondre pour le moment. Nous vous "
     "envoyons un SMS. Merci d'y répondre en disant ce qu'il vous faut, et pour quand."},
    {Phrase::say_already_texted,
     "Vous êtes bien chez {business}. Désolés, nous avons encore manqué votre appel. Nous vous avons envoyé un "
     "SMS. Merci d'y répondre en disant ce qu'il vous faut, et pour quand."},
    {Phrase::say_no_text,
     "Vous êtes bien chez {business}. Désolés, nous ne pouvons pas vous répondre pour le moment. Nous "
     "signalons votre appel au responsable. Merci de rappeler plus tard."},
    {Phrase::say_generic_will_text,
     "Désolés, personne ne peut vous répondre pour le moment. Nous vous envoyons un SMS. Merci d'y répondre en "
     "disant ce qu'il vous faut, et pour quand."},
    {Phrase::say_generic_already_texted,
     "Désolés, personne ne peut vous répondre pour le moment. Nous vous avons envoyé un SMS. Merci d'y "
     "répondre en disant ce qu'il vous faut, et pour quand."},
    {Phrase::say_generic_no_text,
     "Désolés, personne ne peut vous répondre pour le moment. Nous signalons votre appel. Merci de rappeler "
     "plus tard."},
    {Phrase::say_texts_only,
     "Ce numéro ne reçoit que des SMS. Merci de raccrocher et de nous envoyer un SMS. Au revoir."},
    {Phrase::say_will_text_closed,
     "Vous êtes bien chez {business}. Nous sommes fermés en ce moment. Nous vous envoyons un SMS. Merci d'y "
     "répondre en disant ce qu'il vous faut, et pour quand."},
    {Phrase::say_will_text_busy,
     "Vous êtes bien chez {business}. Nous sommes occupés jusqu'à {time}. Nous vous envoyons un SMS. Merci d'y "
     "répondre en disant ce qu'il vous faut, et pour quand."},
    {Phrase::say_no_text_voicemail,
     "Vous êtes bien chez {business}. Désolés, nous ne pouvons pas vous répondre pour le moment. Merci de "
     "laisser votre nom, votre numéro et ce qu'il vous faut après le signal sonore."},
    {Phrase::say_will_text_voicemail,
     "Vous êtes bien chez {business}. Désolés, nous ne pouvons pas vous répondre pour le moment. Nous vous "
     "envoyons un SMS auquel vous pouvez répondre. Vous pouvez aussi laisser un message après le signal "
     "sonore."},
    {Phrase::say_voicemail_thanks, "Merci. Nous transmettons votre message. Au revoir."},
    {Phrase::say_screen, "Un client appelle {business}. Appuyez sur 1 pour prendre l'appel."},
    {Phrase::say_screen_missed, "Au revoir."},
    {Phrase::say_fallback,
     "Désolés, nous ne pouvons pas vous répondre pour le moment. Merci de rappeler plus tard, ou d'envoyer un "
     "SMS à ce numéro. Au revoir."},
    {Phrase::text_customer_intake,
     "{business} : désolés d'avoir manqué votre appel. Répondez ici : quel travail et pour quand ?"},
    {Phrase::text_failsafe,
     "Service de réponse du {number}. Désolés d'avoir manqué votre appel. Répondez ici : quel travail et pour "
     "quand ?"},
    {Phrase::text_triage_reply,
     "Service de réponse du {number}. Merci, nous avons votre message et le transmettons."},
    {Phrase::text_customer_intake_elsewhere,
     "{business} : désolés d'avoir manqué votre appel. Quel travail, et pour quand ? Répondez au {reply_to}."},
    {Phrase::text_failsafe_elsewhere,
     "Service de réponse du {number}. Désolés d'avoir manqué votre appel. Quel travail, et quand ? SMS au "
     "{reply_to}."},
    {Phrase::text_customer_intake_late,
     "{business} : désolés d'avoir manqué votre appel de tout à l'heure. Répondez ici : quel travail et pour "
     "quand ?"},
    {Phrase::text_failsafe_late,
     "Service de réponse du {number}. Appel manqué tout à l'heure, désolés. Répondez ici : quel travail et "
     "pour quand ?"},
    {Phrase::text_customer_intake_late_elsewhere,
     "{business} : désolés d'avoir manqué votre appel de tout à l'heure. Quel travail, et quand ? Répondez au "
     "{reply_to}."},
    {Phrase::text_failsafe_late_elsewhere,
     "Service de réponse du {number}. Appel manqué tout à l'heure, désolés. Quel travail, et quand ? SMS au "
     "{reply_to}."},
    {Phrase::text_customer_intake_closed,
     "{business} : désolés, nous sommes fermés en ce moment. Répondez ici : quel travail et pour quand ?"},
    {Phrase::text_customer_intake_busy,
     "{business} : désolés, nous sommes occupés jusqu'à {time}. Répondez ici : quel travail et pour quand ?"},
    {Phrase::text_job_confirmed, "{business} : merci, bien noté : {job}. Nous vous répondrons."},
    {Phrase::text_job_question, "{business} : merci. Quel travail vous faut-il, et à quelle adresse ?"},
    {Phrase::text_call_confirmed, "{business} : merci, nous demandons que l'on vous rappelle."},
    {Phrase::text_passed_on, "{business} : merci, nous avons transmis votre message."},
    {Phrase::text_cancelled,
     "{business} : d'accord, merci de nous avoir prévenus. Écrivez-nous quand vous voulez."},
    {Phrase::text_danger, "{business} : {advice} Nous prévenons le responsable."},
    {Phrase::text_emergency_advice, "En cas de danger, sortez et appelez le 112 ou le 18."},
    {Phrase::text_accepted,
     "{business} : bonne nouvelle, nous pouvons faire ce travail. Nous vous contacterons pour les détails."},
    {Phrase::text_declined,
     "{business} : désolés, nous ne pouvons pas prendre ce travail. Merci d'avoir pensé à nous."},
    {Phrase::text_help,
     "{business} : vous recevez nos SMS car vous nous avez appelés ou écrit. Répondez : quel travail et pour "
     "quand. STOP pour vous désabonner."},
    {Phrase::text_help_generic,
     "Service de réponse du {number}. Répondez ici : quel travail et pour quand ? STOP pour vous désabonner."},
}};
static_assert(is_whole(lines));

}  // namespace

const Language& french() {
  static constexpr Language language = {.lines = lines,
                                        .opt_out_line = " STOP pour vous désabonner.",
                                        .advice_elsewhere = "En cas de danger, sortez et appelez le {number}.",
                                        .sample_job = "un robinet qui fuit dans la cuisine"};
  return language;
}

}  // namespace jobrun
