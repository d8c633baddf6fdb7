// Spanish, polite: as one writes to a customer in Spain and in the Americas alike.
#include "catalogue_parts.hpp"

namespace jobrun {
namespace {

constexpr Lines lines = {{
    {Phrase::say_will_text,
     "Ha llamado a {business}. Lo sentimos, ahora no podemos atender su llamada. Le enviamos un mensaje de "
     "texto. Por favor, respóndalo con lo que necesita y para cuándo."},
    {Phrase::say_already_texted,
     "Ha llamado a {business}. Lo sentimos, tampoco ahora podemos atenderle. Le hemos enviado un mensaje de "
     "texto. Por favor, respóndalo con lo que necesita y para cuándo."},
    {Phrase::say_no_text,
     "Ha llamado a {business}. Lo sentimos, ahora no podemos atender su llamada. Avisaremos al responsable de "
     "que ha llamado. Por favor, vuelva a llamar más tarde."},
    {Phrase::say_generic_will_text,
     "Lo sentimos, ahora nadie puede atender su llamada. Le enviamos un mensaje de texto. Por favor, "
     "respóndalo con lo que necesita y para cuándo."},
    {Phrase::say_generic_already_texted,
     "Lo sentimos, ahora nadie puede atender su llamada. Le hemos enviado un mensaje de texto. Por favor, "
     "respóndalo con lo que necesita y para cuándo."},
    {Phrase::say_generic_no_text,
     "Lo sentimos, ahora nadie puede atender su llamada. Avisaremos de que ha llamado. Por favor, vuelva a "
     "llamar más tarde."},
    {Phrase::say_texts_only,
     "Este número solo recibe mensajes de texto. Por favor, cuelgue y envíenos un mensaje. Adiós."},
    {Phrase::say_will_text_closed,
     "Ha llamado a {business}. En este momento está cerrado. Le enviamos un mensaje de texto. Por favor, "
     "respóndalo con lo que necesita y para cuándo."},
    {Phrase::say_will_text_busy,
     "Ha llamado a {business}. No podemos atenderle hasta las {time}. Le enviamos un mensaje de texto. Por "
     "favor, respóndalo con lo que necesita y para cuándo."},
    {Phrase::say_no_text_voicemail,
     "Ha llamado a {business}. Lo sentimos, ahora no podemos atender su llamada. Por favor, deje su nombre, su "
     "número y lo que necesita después de la señal."},
    {Phrase::say_will_text_voicemail,
     "Ha llamado a {business}. Lo sentimos, ahora no podemos atender su llamada. Le enviamos un mensaje de "
     "texto al que puede responder. También puede dejar un mensaje después de la señal."},
    {Phrase::say_voicemail_thanks, "Gracias. Haremos llegar su mensaje. Adiós."},
    {Phrase::say_screen, "Un cliente llama a {business}. Pulse 1 para atender la llamada."},
    {Phrase::say_screen_missed, "Adiós."},
    {Phrase::say_fallback,
     "Lo sentimos, ahora no podemos atender su llamada. Por favor, vuelva a llamar más tarde o envíe un "
     "mensaje de texto a este número. Adiós."},
    {Phrase::text_customer_intake,
     "{business}: sentimos no haber atendido su llamada. Responda con el trabajo que necesita y la fecha."},
    {Phrase::text_failsafe,
     "Servicio de respuesta del {number}. Sentimos no haber atendido su llamada. Responda con el trabajo y la "
     "fecha."},
    {Phrase::text_triage_reply,
     "Servicio de respuesta del {number}. Gracias, tenemos su mensaje y lo haremos llegar."},
    {Phrase::text_customer_intake_elsewhere,
     "{business}: sentimos no haber atendido su llamada. Escriba al {reply_to} con el trabajo y la fecha."},
    {Phrase::text_failsafe_elsewhere,
     "Servicio de respuesta del {number}. Sentimos no atender su llamada. Escriba al {reply_to} con el trabajo "
     "y la fecha."},
    {Phrase::text_customer_intake_late,
     "{business}: sentimos no haber atendido antes su llamada. Responda con el trabajo y la fecha."},
    {Phrase::text_failsafe_late,
     "Servicio de respuesta del {number}. Sentimos no haber atendido antes su llamada. Responda con el trabajo "
     "y la fecha."},
    {Phrase::text_customer_intake_late_elsewhere,
     "{business}: sentimos no haber atendido antes su llamada. Escriba al {reply_to} con el trabajo y la "
     "fecha."},
    {Phrase::text_failsafe_late_elsewhere,
     "Servicio de respuesta del {number}. Sentimos no atender antes su llamada. Escriba al {reply_to} con "
     "trabajo y fecha."},
    {Phrase::text_customer_intake_closed,
     "{business}: sentimos no atender su llamada, ahora hemos cerrado. Responda con el trabajo y la fecha."},
    {Phrase::text_customer_intake_busy,
     "{business}: sentimos no atender su llamada, no podemos hasta las {time}. Responda con el trabajo y la "
     "fecha."},
    {Phrase::text_job_confirmed, "{business}: gracias, hemos anotado: {job}. Le responderemos pronto."},
    {Phrase::text_job_question, "{business}: gracias. ¿Qué trabajo necesita y en qué lugar?"},
    {Phrase::text_call_confirmed, "{business}: gracias, pediremos que le llamen."},
    {Phrase::text_passed_on, "{business}: gracias, haremos llegar su mensaje."},
    {Phrase::text_cancelled, "{business}: de acuerdo, gracias por avisar. Escriba cuando quiera."},
    {Phrase::text_danger, "{business}: {advice} Estamos avisando al responsable."},
    {Phrase::text_emergency_advice, "En caso de peligro, salga y llame al 112."},
    {Phrase::text_accepted,
     "{business}: buenas noticias, podemos hacer el trabajo. Le escribiremos para acordar los detalles."},
    {Phrase::text_declined,
     "{business}: lo sentimos, no podemos hacer este trabajo. Gracias por contar con nosotros."},
    {Phrase::text_help,
     "{business}: recibe estos SMS porque nos ha llamado o escrito. Responda con el trabajo y la fecha. "
     "Responda STOP para darse de baja."},
    {Phrase::text_help_generic,
     "Servicio de respuesta del {number}. Responda con el trabajo y la fecha. Responda STOP para darse de "
     "baja."},
}};
static_assert(is_whole(lines));

}  // namespace

const Language& spanish() {
  static constexpr Language language = {.lines = lines,
                                        .opt_out_line = " Responda STOP para darse de baja.",
                                        .advice_elsewhere = "En caso de peligro, salga y llame al {number}.",
                                        .sample_job = "un grifo que gotea en la cocina"};
  return language;
}

}  // namespace jobrun
