namespace Agent;

/// <summary>
/// The guard for code of ours that the framework calls directly, not through woven code: the first failure is said, and after five
/// it is not tried again, which is said too.
/// </summary>
/// <param name="what">Names it in the log.</param>
sealed class Attempts(string what)
{
    const int Most = 5;

    int _failures;

    /// <summary>What the attempt makes; null after a failure.</summary>
    public T? Make<TArgument, T>(TArgument argument, Func<TArgument, T?> attempt) where T : class
    {
        if (_failures >= Most)
            return null;
        try
        {
            return attempt(argument);
        }
        catch (Exception e)
        {
            if (++_failures is 1 or Most)
                Log.Error($"no span for {what}{(_failures == Most ? ", from now on" : "")}: {e}");
            return null;
        }
    }
}
