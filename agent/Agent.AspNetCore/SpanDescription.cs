namespace Agent.AspNetCore;

/// <summary>What is the same for every call of one thing: made once, so that a call costs no strings.</summary>
sealed record SpanDescription(string Name, params KeyValuePair<string, object?>[] Tags);
