using System.CommandLine;

var root = new RootCommand("Quantizes ONNX models to int8 and reports what it costs.");
return root.Parse(args).Invoke();
