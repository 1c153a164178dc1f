using System.Diagnostics.Tracing;

namespace Agent.Diagnosis;

/// <summary>
/// Answers `agent status` over the runtime's diagnostics port: whoever starts a session with this source and an argument Ask gets the status as events of that
/// session. At rest it is an object that nobody calls; the port is there anyway, and open to the user of the process and root alone.
/// </summary>
[EventSource(Name = SourceName)]
sealed class StatusSource : EventSource
{
    /// <summary>What the session names.</summary>
    public const string SourceName = "Agent-Status";

    /// <summary>The argument of the session: a word that nobody else has, which every part of the answer begins with, so that it can be found in a trace of any format.</summary>
    public const string Ask = "Ask";

    /// <summary>An event has room for about 32,000 characters.</summary>
    const int PartLength = 8_000;

    static StatusSource? _instance;

    /// <summary>From now on it can be asked. On a thread of the pool: listeners of the app's hear of a new source on the thread that makes it, and may do there what they like.</summary>
    public static void Start() => ThreadPool.UnsafeQueueUserWorkItem(static _ =>
    {
        try
        {
            _instance ??= new StatusSource();
        }
        catch (Exception e)
        {
            Log.Error($"agent status will get no answer: {e.GetType().Name}: {e.Message}");
        }
    }, null);

    /// <inheritdoc/>
    protected override void OnEventCommand(EventCommandEventArgs command)
    {
        try
        {
            if (command.Command == EventCommand.Enable && command.Arguments?.TryGetValue(Ask, out var word) == true && !string.IsNullOrEmpty(word))
                Answer(word);
        }
        catch (Exception e)
        {
            Log.Error($"the status cannot be told: {e.GetType().Name}: {e.Message}");
        }
    }

    [NonEvent]
    void Answer(string word)
    {
        AgentStatus.Want();
        var status = StatusDocument.Write();
        var parts = (status.Length + PartLength - 1) / PartLength;
        for (var part = 0; part < parts; part++)
            Status($"{word} {part} {parts} {status.Substring(part * PartLength, Math.Min(PartLength, status.Length - part * PartLength))}");
    }

    /// <param name="text">The word, the number of the part, how many there are, and the part of the document.</param>
    [Event(1, Level = EventLevel.Informational)]
    public void Status(string text) => WriteEvent(1, text);
}
