namespace Agent.Instrumentations.Jobs;

/// <summary>
/// Whether a runtime-async method has had to wait, asked from inside of it, where its task is not to be seen. When such a method is suspended, the
/// thread gets the context of its caller back, and an AsyncLocal can be told of that. It may go on on another thread before the first one has got so
/// far, on the same one only afterwards. Code that runs in another context in between, as callbacks of a cancellation do, looks the same: such a
/// method counts as one that has waited, which is a span too many.
/// </summary>
sealed class Suspension
{
    static readonly AsyncLocal<Suspension?> Inside = new(static change =>
    {
        if (change is { ThreadContextChanged: true, PreviousValue: { } left } && left._thread == Environment.CurrentManagedThreadId)
            left._hasLeft = true;
    });

    readonly int _thread = Environment.CurrentManagedThreadId;

    bool _hasLeft;

    /// <summary>So far; to be asked by the method's own thread.</summary>
    public bool HasHappened => _hasLeft || _thread != Environment.CurrentManagedThreadId;

    /// <summary>To be called at the beginning of the method.</summary>
    public static Suspension Watch() => Inside.Value = new Suspension();
}
