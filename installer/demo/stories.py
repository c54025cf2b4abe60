"""What people come for, what is written about it, and what they hope for, in plain words. All of it is made up."""

REASONS = (
    "Review of plan", "Help with a benefits form", "Wants to talk", "Medication letter", "Rent arrears",
    "Not sleeping", "Letter from the council", "Looking for work", "First visit", "Health check",
    "Feeling low", "Help with a phone call", "Debt letter", "Damp at home", "Joint care plan",
)  # fmt: skip
OUTCOMES = (
    "Seen", "Seen. Form filled in together", "Seen. Will come again next week", "Seen. Booked with a key worker",
    "Seen. Rang the council together", "Seen. Given the dates of the groups",
)  # fmt: skip
LEFT = ("Had to fetch a child", "The wait was too long", "Had to go to work", "Did not say why")
FOLLOW_UPS = ("We ring tomorrow", "We send a text", "Nothing, as they asked")
NOTES = (
    ("Talked about sleep", "Three bad nights this week. Tea late in the evening. Will try without it.", "phone"),
    ("Rang about the next appointment", "Will come. Asked for the morning.", "phone"),
    ("Walked to the job centre together", "Went well. Has a new appointment there next month.", "outside"),
    ("Cooking group", "Stayed to the end and took the recipe home.", "Centre A"),
    ("Home visit", "The boiler works again. The landlord is coming about the window.", "at home"),
    ("Talked about money", "Went through the letters together. Two bills can be paid in small parts.", "Centre A"),
    ("Rang the council with the person", "The housing form has arrived there. They answer within two weeks.", "phone"),
    ("Looked at the plan together", "Happy with it. Wants to start with the small things.", "Centre A"),
    ("Text about the walking group", "Answered yes. Meets us at the park gate.", "text"),
    ("Medication talk", "Feels less tired since the change. Next blood test is booked.", "Centre A"),
)
IMPORTANT = (
    "I want my own front door and some quiet.",
    "My children come first. Please fit around the school run.",
    "I like to be asked, not told.",
    "I want to work again, a few hours to begin with.",
    "I want to feel safe when I go out.",
    "Please give me time. I think before I talk.",
    "Music keeps me going. Ask me about my choir.",
    "I want to see my brother more often.",
    "I would like fewer tablets, if that is possible.",
    "My church is my family here.",
)
NEEDS = {
    "mental_health": ("clinical", "Mood", "low most mornings"),
    "physical_health": ("clinical", "Check of heart and sugar", "due this year"),
    "medication": ("clinical", "Medication", "side effects to talk about"),
    "meetings": ("clinical", "One person to talk to", "does not want to tell it again"),
    "job_situation": ("social", "Work", "a few hours a week"),
    "leisure_activities": ("social", "Something to do", "the week is empty"),
    "partner_family": ("social", "Family", "wants to see them more"),
    "friendships": ("social", "Company", "alone at weekends"),
    "personal_safety": ("social", "Feeling safe outside", "does not go out after dark"),
    "practical_help": ("social", "Money", "letters not opened"),
    "accommodation": ("housing_and_legal", "A home that is all right", "damp and noise"),
}
"""For each area of DIALOG: the group of the need, the need, a few words."""

GOALS = {
    "mental_health": "Have more good days than bad ones.",
    "physical_health": "Walk to the park without stopping.",
    "medication": "Feel less tired in the day.",
    "meetings": "See the same person each time.",
    "job_situation": "Work a few hours a week.",
    "leisure_activities": "Do one thing a week that I enjoy.",
    "partner_family": "Have my sister to tea.",
    "friendships": "Have somebody to ring on a Sunday.",
    "personal_safety": "Go out in the evening again.",
    "practical_help": "Open my letters and pay what I can.",
    "accommodation": "Have a dry room to sleep in.",
}
ACTIONS = {
    "mental_health": ("Write a page about what helps", "Meet every two weeks"),
    "physical_health": ("Book the health check", "Walk with the group on Thursdays"),
    "medication": ("Look at the tablets together", "Write down the tired times"),
    "meetings": ("Name one key worker", "Put the dates in the phone"),
    "job_situation": ("Write a CV", "Visit the work club"),
    "leisure_activities": ("Try the art group", "Find the swimming times"),
    "partner_family": ("Write to my sister", "Look up the coach fare"),
    "friendships": ("Go to the Saturday lunch", "Ask about a befriender"),
    "personal_safety": ("Walk the way home together", "Fit a better lock"),
    "practical_help": ("Open the letters together", "Ring the energy company"),
    "accommodation": ("Send the damp report to repairs", "Ask about a move"),
}
RELATIONSHIPS = ("Sister", "Brother", "Mother", "Father", "Friend", "Daughter", "Son", "Neighbour", "Partner")
COMMUNICATION = (
    ("information_format", "Large print", "letter-size"),
    ("information_format", "Easy read", "document"),
    ("communication_support", "More time", "clock"),
    ("communication_support", "Hearing aid", "speaker-off"),
    ("communication_professional", "BSL", "hand"),
    ("reasonable_adjustment", "Quiet room", "speaker-off"),
    ("reasonable_adjustment", "Step-free", "wheelchair"),
)
"""Categories of DAPB1605 (and reasonable adjustments), words for a badge, the badge's icon."""
