using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>
/// NATS' own spans: named by operation and destination as the conventions say, and a destination has no ids: the last parts of a subject are mostly whom or what
/// a message is about, those of an acknowledgement are different each time.
/// </summary>
static class NatsSpans
{
    public const string Source = "NATS.Net";

    /// <summary>Of an activity that begins: a stream's consumer asks for more again and again, and subscribes where it is to be sent to.</summary>
    public static bool IsBookkeeping(Activity activity) => activity.OperationName is "$JS.API publish" or "inbox subscribe"
        || (activity.ParentId is null && activity.OperationName.StartsWith("$JS.ACK", StringComparison.Ordinal));

    public static void Tidy(Activity activity)
    {
        // Of a stream's consumer the template is the inbox that its messages are sent to.
        if ((activity.GetTagItem("messaging.destination.template") is string and not "inbox" and var template ? template : activity.GetTagItem(Names.MessagingDestination)) is not string subject || activity.GetTagItem(Names.MessagingOperation) is not string operation)
            return;
        var destination = Destination(subject);
        activity.SetTag(Names.MessagingDestination, destination).SetTag("messaging.destination.template", null);
        activity.DisplayName = $"{operation} {destination}";
    }

    /// <summary>A subject with * for what looks like an id, and without what follows a prefix of the server's own.</summary>
    public static string Destination(string subject)
    {
        var parts = subject.Split('.');
        var kept = parts[0] switch
        {
            "_INBOX" => 0,
            "$JS" => parts.Length > 1 && parts[1] == "API" ? 4 : 2, // an acknowledgement's stream, consumer, numbers and time; an operation of the API's
            "$KV" or "$O" => 2, // the bucket
            _ => parts.Length,
        };
        for (var i = 0; i < parts.Length; i++)
            parts[i] = IsId(parts[i]) ? "*" : parts[i];
        return kept == 0 ? "inbox" : string.Join('.', parts, 0, Math.Min(kept, parts.Length));
    }

    /// <summary>A number, an address, or a long word with digits in it.</summary>
    static bool IsId(string part)
    {
        var digits = part.Count(char.IsAsciiDigit);
        return part.Contains('@', StringComparison.Ordinal) || (digits > 0 && (digits == part.Length || part.Length >= 12));
    }
}
