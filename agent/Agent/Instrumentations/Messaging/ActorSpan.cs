using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.Tracing;

namespace Agent.Instrumentations.Messaging;

/// <summary>
/// A span around what an actor does with one message, in the trace of the one who has sent it. A message whose sender is in no trace has none: actors send themselves messages all
/// the time. Where a mailbox keeps messages there is no room for a context, so that is kept beside, by the message and who it is for.
/// </summary>
sealed class ActorSpan : DispatchSpan
{
    static readonly ActivitySource Source = new(Names.MessagingSource, AgentProcess.Version);

    /// <summary>Of messages that have not been handled, for as long as somebody has them.</summary>
    static readonly ConditionalWeakTable<object, Sendings> Waiting = [];

    static readonly TypePairMap<ActorLibrary, Description> Descriptions = new(static (message, library) => new($"process {CodeName.Simple(message)}", CodeName.Full(message), library.Has(message)));

    /// <summary>Until there has been one, nothing is looked for.</summary>
    static volatile bool s_isUsed;

    /// <summary>Whose handling has begun on this thread and not yet returned.</summary>
    [ThreadStatic]
    static ActorSpan? t_current;

    /// <summary>The ActivityContext of whose message a router is handing on in this thread; null if it is not, or he is in no trace.</summary>
    [ThreadStatic]
    static object? t_forwarded;

    ActorSpan? _before;
    bool _isHandedOn;

    ActorSpan(SpanRecord record) : base(record) { }

    /// <summary>To be called when a message is put into a mailbox, or kept to be handled later. Costs nothing where the sender is in no trace.</summary>
    /// <param name="library">Whose actors they are.</param>
    /// <param name="message">The message, as the mailbox keeps it.</param>
    /// <param name="payload">What the app has sent.</param>
    /// <param name="receiver">Who it is for.</param>
    public static void Sent(ActorLibrary library, object message, object payload, object receiver)
    {
        if ((t_forwarded as ActivityContext? ?? (CurrentSpan.IsRecorded == true ? CurrentSpan.Context : null)) is not { } context)
        {
            // An object that is sent again and again is handled in the order in which it was sent.
            if (s_isUsed && Waiting.TryGetValue(message, out var others))
                others.Add(receiver, default);
            return;
        }
        if (Descriptions[payload.GetType(), library].IsOwn)
            return;
        s_isUsed = true;
        Waiting.GetOrAdd(message, static _ => new Sendings()).Add(receiver, context);
    }

    /// <summary>To be called when an actor is about to handle a message. Null if it is not to be recorded.</summary>
    /// <param name="library">As before.</param>
    /// <param name="message">The message, as the mailbox has kept it.</param>
    /// <param name="payload">What the app has sent.</param>
    /// <param name="receiver">Who it is for.</param>
    /// <param name="actor">The class of the actor.</param>
    public static ActorSpan? Begin(ActorLibrary library, object message, object payload, object receiver, Type? actor)
    {
        if (!s_isUsed || !Waiting.TryGetValue(message, out var sendings) || sendings.Take(receiver) is not { } sender)
            return null;
        var description = Descriptions[payload.GetType(), library];
        if (CurrentSpan.BeginElsewhere(Source, description.Name, ActivityKind.Consumer, sender) is not { } record)
            return null;
        record.SetTag(Names.MessagingSystem, library.System).SetTag(Names.MessagingOperation, "process").SetTag(Names.MessagingOperationType, "process").SetTag(Names.MessageType, description.Type);
        if (actor is not null)
            record.SetTag(Names.MessagingDestination, CodeName.Simple(actor));
        var span = new ActorSpan(record) { _before = t_current };
        t_current = span;
        return span;
    }

    /// <summary>To be called when an actor is about to hand a message on to others, which it does not handle itself: for them it is of the one who has sent it.</summary>
    /// <returns>To be given to <see cref="Forwarded"/>.</returns>
    public static object? Forward(object? message, object receiver)
    {
        var before = t_forwarded;
        t_forwarded = s_isUsed && message is not null && Waiting.TryGetValue(message, out var sendings) ? sendings.Take(receiver) : null;
        return before;
    }

    /// <summary>It has been handed on.</summary>
    public static void Forwarded(object? before) => t_forwarded = before;

    /// <summary>To be called when the actor has returned or thrown. What it goes on with asynchronously belongs to it.</summary>
    public void Return(Exception? exception, Task? task = null)
    {
        (t_current, _before) = (_before, null);
        if (_isHandedOn && exception is null)
            CurrentSpan.Leave(Record);
        else
            End(exception, task);
    }

    /// <summary>What the actor whose message is being handled on this thread goes on with; the same if there is none.</summary>
    public static Func<Task>? HandOn(Func<Task>? work)
    {
        if (work is null || t_current is not { _isHandedOn: false } span)
            return work;
        span._isHandedOn = true;
        return () => span.Go(work);
    }

    [StackTraceHidden]
    Task Go(Func<Task> work)
    {
        try
        {
            var task = work();
            End(null, task);
            return task;
        }
        catch (Exception e)
        {
            End(e);
            throw;
        }
    }

    sealed record Description(string Name, string? Type, bool IsOwn);

    /// <summary>One object may be sent to several, and several times.</summary>
    sealed class Sendings
    {
        /// <summary>Some are never handled, and an object may live as long as the app.</summary>
        const int Most = 256;

        readonly List<(object Receiver, ActivityContext Sender)> _all = new(1);

        /// <param name="receiver">Who it is for.</param>
        /// <param name="sender">Default if the sender is in no trace.</param>
        public void Add(object receiver, ActivityContext sender)
        {
            lock (_all)
            {
                if (_all.Count == Most)
                    _all.RemoveAt(0);
                _all.Add((receiver, sender));
            }
        }

        /// <summary>The sender of the first one that is for this receiver; null if he is in no trace, or there is none.</summary>
        public ActivityContext? Take(object receiver)
        {
            lock (_all)
            {
                for (var at = 0; at < _all.Count; at++)
                {
                    var (other, sender) = _all[at];
                    if (!ReferenceEquals(other, receiver) && !other.Equals(receiver))
                        continue;
                    _all.RemoveAt(at);
                    return sender == default ? null : sender;
                }
                return null;
            }
        }
    }
}
