namespace Agent.Torture.Workload;

/// <summary>What runs over the patched methods, in order.</summary>
static class Workloads
{
    /// <param name="isWhole">With the web app and the database.</param>
    /// <returns>The lines of one run.</returns>
    public static async Task<List<string>> Run(bool isWhole)
    {
        var transcript = new Transcript();
        TextWork.Run(transcript);
        CollectionsWork.Run(transcript);
        LinqWork.Run(transcript);
        RegexWork.Run(transcript);
        await JsonWork.Run(transcript);
        await StreamsWork.Run(transcript);
        await AsyncWork.Run(transcript);
        ExceptionWork.Run(transcript);
        if (isWhole)
        {
            await DatabaseWork.Run(transcript);
            await WebWork.Run(transcript);
        }
        return transcript.Lines;
    }
}
