namespace Agent.Viewer.Storage;

/// <summary>What was received could not be written to disk, so it was not taken; the message says why.</summary>
public sealed class StorageException : IOException
{
    /// <summary>With a sentence.</summary>
    public StorageException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    /// <summary>Without a word.</summary>
    public StorageException()
    {
    }

    /// <summary>With a sentence.</summary>
    public StorageException(string message)
        : base(message)
    {
    }
}
