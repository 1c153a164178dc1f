namespace Chat;

/// <summary>Where guests wait for each other.</summary>
public sealed class Table
{
    readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _present;

    /// <summary>Completes when so many have come.</summary>
    public Task Wait(int guests)
    {
        if (Interlocked.Increment(ref _present) == guests)
            _complete.SetResult();
        return _complete.Task;
    }
}
