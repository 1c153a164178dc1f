using System.Globalization;
using System.Text;

namespace Agent.Torture;

/// <summary>The program behind `./build.sh torture`.</summary>
static class Program
{
    /// <returns>0 nothing failed; 1 something did; 2 the command line was not understood.</returns>
    static async Task<int> Main(string[] args)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var options = Options.Parse(args);
            if (options.WantsHelp)
            {
                Console.Write(Options.Usage);
                return 0;
            }
            return options.IsInProcess ? await new Torture(options).Run() : await ChildProcess.Run(args);
        }
        catch (FormatException misunderstood)
        {
            await Console.Error.WriteLineAsync(misunderstood.Message);
            return 2;
        }
    }
}
