using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Agent.Viewer.Storage;

/// <summary>
/// The requests that a <see cref="TraceStore"/> has taken, in a file of SQLite, so that they are there again after a restart; see
/// decision 45. What was appended survives the end of this process, whatever ends it. All members are thread-safe.
/// </summary>
sealed class TraceJournal : IDisposable
{
    const string FileName = "traces.db";
    const int ReadAtOnce = 64;

    readonly Lock _lock = new();
    readonly string _path;
    SqliteConnection _connection = null!;
    SqliteCommand _append = null!;

    TraceJournal(string path) => _path = path;

    /// <summary>The part of the file that is in use, in bytes.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return Guarded("measured", () => Number("SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"));
        }
    }

    /// <summary>Opens a folder's journal, or begins one. A damaged file is put aside.</summary>
    /// <param name="folder">Made if it is not there.</param>
    /// <param name="complain">Gets a sentence about a file that was put aside.</param>
    /// <exception cref="IOException">The folder cannot be written, or another viewer has it; the message says which and what to do.</exception>
    public static TraceJournal Open(string folder, Action<string> complain)
    {
        var journal = new TraceJournal(Path.Combine(folder, FileName));
        try
        {
            Directory.CreateDirectory(folder);
            journal.Connect();
        }
        catch (SqliteException damaged) when (IsDamage(damaged))
        {
            journal.PutAside(damaged, complain);
        }
        catch (Exception failure) when (failure is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException })
        {
            throw new IOException($"Traces cannot be kept on disk here: the viewer has no SQLite for {RuntimeInformation.RuntimeIdentifier}. Leave --data out, or publish the agent for this system (./build.sh publish --rid {RuntimeInformation.RuntimeIdentifier} --viewer).", failure);
        }
        catch (SqliteException taken) when (taken.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            journal.Dispose();
            throw new IOException($"The folder {folder} is in use by another viewer; end that one, or choose another folder with --data.", taken);
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            journal.Dispose();
            throw new IOException($"The folder {folder} cannot be used ({failure.Message}); choose one that can be written with --data.", failure);
        }

        return journal;
    }

    /// <summary>Whether an exception says that the file is not what it was written as.</summary>
    public static bool IsDamage(Exception failure) => failure is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_ERROR };

    /// <summary>Keeps a request.</summary>
    /// <returns>Its number, greater than that of the one before.</returns>
    /// <exception cref="StorageException">It could not be kept.</exception>
    public long Append(ReadOnlySpan<byte> request)
    {
        var packed = Pack(request);
        lock (_lock)
        {
            return Guarded("written", () =>
            {
                _append.Parameters[0].Value = packed;
                return (long)_append.ExecuteScalar()!;
            });
        }
    }

    /// <summary>Forgets the requests up to a number.</summary>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public void DropUntil(long number)
    {
        lock (_lock)
            Guarded("written", () => Number($"DELETE FROM requests WHERE number <= {number} RETURNING 0"));
    }

    /// <summary>Some requests behind a number, in their order; none at the end.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public IReadOnlyList<(long Number, byte[]? Request)> Read(long after)
    {
        lock (_lock)
        {
            try
            {
                using var command = _connection.CreateCommand();
                command.CommandText = $"SELECT number, content FROM requests WHERE number > {after} ORDER BY number LIMIT {ReadAtOnce}";
                using var rows = command.ExecuteReader();
                var requests = new List<(long, byte[]?)>();
                while (rows.Read())
                    requests.Add((rows.GetInt64(0), rows.IsDBNull(1) ? null : Unpack(rows.GetFieldValue<byte[]>(1))));
                return requests;
            }
            // A damaged page may also hold a row with values of other types.
            catch (Exception damage) when (damage is SqliteException or InvalidOperationException or InvalidCastException)
            {
                throw new InvalidDataException(damage.Message, damage);
            }
        }
    }

    /// <summary>Moves the damaged file aside and begins a new one.</summary>
    public void PutAside(Exception damage, Action<string> complain)
    {
        lock (_lock)
        {
            Dispose();
            var aside = Enumerable.Range(1, int.MaxValue).Select(i => $"{_path}.damaged-{i}").First(path => !File.Exists(path));
            File.Move(_path, aside);
            foreach (var more in (string[])["-wal", "-shm"])
            {
                if (File.Exists(_path + more))
                    File.Move(_path + more, aside + more);
            }

            complain($"{_path} is damaged ({damage.Message}): it is kept as {Path.GetFileName(aside)}, and a new one is begun.");
            Connect();
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _append?.Dispose();
            _connection?.Dispose();
        }
    }

    void Connect()
    {
        // No pool: it would keep the file open after Dispose.
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, DefaultTimeout = 1 }.ToString());
        _connection.Open();
        // With a log and without waiting for the disk at each request: what is written survives the process, and the file survives the machine.
        // Exclusive, so that two viewers cannot share it.
        foreach (var text in (string[])["PRAGMA locking_mode = EXCLUSIVE", "PRAGMA page_size = 8192", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL"])
            Number(text);
        Number("CREATE TABLE IF NOT EXISTS requests (number INTEGER PRIMARY KEY AUTOINCREMENT, content BLOB NOT NULL)");
        Number("BEGIN IMMEDIATE");
        Number("COMMIT");
        _append = _connection.CreateCommand();
        _append.CommandText = "INSERT INTO requests (content) VALUES ($content) RETURNING number";
        _append.Parameters.Add("$content", SqliteType.Blob);
    }

    long Number(string text)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar() as long? ?? 0;
    }

    T Guarded<T>(string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException failure)
        {
            throw new StorageException($"{_path} cannot be {what}: {failure.Message}", failure);
        }
    }

    static byte[] Pack(ReadOnlySpan<byte> request)
    {
        var packed = new MemoryStream(request.Length / 4);
        using (var packing = new ZLibStream(packed, CompressionLevel.Fastest))
            packing.Write(request);
        return packed.ToArray();
    }

    /// <returns>Null if it is damaged.</returns>
    static byte[]? Unpack(byte[] packed)
    {
        try
        {
            using var unpacking = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
            var content = new MemoryStream();
            unpacking.CopyTo(content);
            return content.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
