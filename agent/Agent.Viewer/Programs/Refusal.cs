namespace Agent.Viewer.Programs;

/// <summary>A request that is not answered as it was meant; the message is a sentence for whoever wrote it.</summary>
sealed class Refusal(int status, string message) : Exception(message)
{
    /// <summary>The status of the HTTP response.</summary>
    public int Status => status;
}
