using Octet.Cli;

// Before anything is loaded: scripts ask for the version often.
if (args is ["--version"])
{
    Console.Out.WriteLine(Application.Version);
    return 0;
}

return Application.Run(args);
