// A console program without ASP.NET Core: `Courier fetch URL` fetches a page and notes its length in a database,
// `Courier wait` waits for a signal, `Courier fail` ends with an exception. Its exit code is 7 if all went well.
using Microsoft.Data.Sqlite;

switch (args)
{
    case ["fetch", var url]:
        using (var client = new HttpClient())
        {
            var page = await client.GetStringAsync(new Uri(url));
            using var connection = new SqliteConnection("Data Source=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE Parcels (Length INTEGER)";
            command.ExecuteNonQuery();
            command.CommandText = "INSERT INTO Parcels (Length) VALUES ($length)";
            command.Parameters.AddWithValue("$length", page.Length);
            command.ExecuteNonQuery();
            command.CommandText = "SELECT Length FROM Parcels WHERE Length > 0 LIMIT 1";
            Console.WriteLine($"fetched {command.ExecuteScalar()} characters");
        }
        return 7;
    case ["wait"]:
        Console.WriteLine("waiting");
        Thread.Sleep(Timeout.Infinite);
        return 7;
    case ["fail"]:
        Console.WriteLine("failing");
        throw new InvalidOperationException("The parcel is lost.");
    default:
        Console.WriteLine("nothing to do");
        return 7;
}
