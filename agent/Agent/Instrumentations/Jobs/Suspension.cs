namespace Agent.Instrumentations.Jobs;

/// <summary>
/// Whether a runtime-async method has had to wait, asked from inside of it, where its task is not to be seen. When such a method is suspended, the
/// thread gets the context of its caller back, and an AsyncLocal can be told of that; the end of the method comes before.
/// </summary>
sealed class Suspension
{
    static readonly AsyncLocal<Suspension?> Inside = new(static change =>
    {
        if (change is { ThreadContextChanged: true, PreviousValue: { } left } && left._thread == Environment.CurrentManagedThreadId)
            left.HasHappened = true;
    });

    readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>So far.</summary>
    public bool HasHappened { get; private set; }

    /// <summary>To be called at the beginning of the method.</summary>
    public static Suspension Watch() => Inside.Value = new Suspension();
}
