"""What people write in the made-up market, by language: praise, blame, talk, and what they report."""

from __future__ import annotations

PRAISE = {
    "en": (
        "Great work, on time and tidy.",
        "Would hire again.",
        "Fair price and friendly.",
        "Very careful with the floors.",
        "Quick answer, good job.",
        "Late, but the result is fine.",
        "Had to call twice, then all went well.",
    ),
    "es": (
        "Muy buen trabajo, puntual y limpio.",
        "Lo volvería a contratar.",
        "Precio justo y trato amable.",
        "Llegó tarde, pero quedó bien.",
    ),
    "pt": ("Ótimo trabalho, no horário.", "Contrataria de novo.", "Preço justo e atendimento simpático."),
}
BLAME = (
    "Did not finish the work.",
    "Came two hours late and left early.",
    "The paint is peeling after a week.",
    "Never came.",
)
BOUGHT = (
    "Best pro in town, five stars!",
    "Amazing, amazing, amazing service.",
    "Perfect job, highly recommend to everyone!",
)
TALK = {
    "en": (
        "Hello, are you free on Saturday?",
        "I can come by at nine.",
        "Here are two photos of the wall.",
        "What would it cost?",
        "Thank you, see you then.",
        "The gate is open.",
        "Running ten minutes late.",
    ),
    "es": (
        "Hola, ¿está libre el sábado?",
        "Puedo llegar a las nueve.",
        "¿Cuánto costaría?",
        "Gracias, nos vemos.",
    ),
    "pt": (
        "Olá, você está livre no sábado?",
        "Consigo chegar às nove.",
        "Quanto ficaria?",
        "Obrigada, até lá.",
    ),
}
CONTACT = "You can reach me on my own number, it is in my profile."
STORIES = {
    "en": (
        "The person who came was not the person in the profile.",
        "He asked for a deposit and never came.",
        "She says the floor was scratched before, it was not.",
        "I was charged for a job that I never booked.",
        "They keep calling me although I asked them to stop.",
    ),
    "es": (
        "La persona que vino no era la del perfil.",
        "Pidió un anticipo y nunca llegó.",
        "Me cobraron un trabajo que no pedí.",
    ),
    "pt": (
        "Quem veio não era a pessoa do perfil.",
        "Pediu um sinal e não apareceu.",
        "Fui cobrada por um serviço que não pedi.",
    ),
}
