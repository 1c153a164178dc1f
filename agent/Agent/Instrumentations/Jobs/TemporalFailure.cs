namespace Agent.Instrumentations.Jobs;

/// <summary>What the exceptions of Temporal's say.</summary>
static class TemporalFailure
{
    /// <summary>Whether the app has said that it is nothing to be told of.</summary>
    public static bool IsBenign(Exception exception) => exception.GetType() is { FullName: "Temporalio.Exceptions.ApplicationFailureException" } type && type.GetProperty("Category")?.GetValue(exception)?.ToString() == "Benign";

    /// <summary>What an activity or a child has failed with is the app's; that it has failed is Temporal's wrapper around that.</summary>
    public static Exception Cause(Exception exception)
    {
        while (exception.GetType().FullName is "Temporalio.Exceptions.ActivityFailureException" or "Temporalio.Exceptions.ChildWorkflowFailureException" && exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }
}
