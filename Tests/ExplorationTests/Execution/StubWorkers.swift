import Exploration
import Foundation
import TestSupport

/// Worker programs in Python whose designs say what happens to them: `do=…`.
///
/// They follow the formats, not the code, of this project's worker.
enum StubWorkers {
  /// Path of the interpreter; nil when there is none.
  static let python = ChildProcess.find("python3")

  /// The command of a worker that answers on standard output.
  static func streaming(in folder: StoreFolder) throws -> [String] {
    try command(
      """
      import json, os, signal, sys, time
      print('loaded', flush=True)
      for line in sys.stdin:
        request = json.loads(line)
        what = request['overrides'][0]
        if what == 'do=crash':
          sys.stderr.write('noise\\n' * 20000 + 'first\\nFatal error: index out of range\\n')
          sys.stderr.flush()
          os.kill(os.getpid(), signal.SIGSEGV)
        if what == 'do=exit': sys.exit(3)
        if what == 'do=hang': time.sleep(1000)
        if what == 'do=close':
          os.close(1)
          time.sleep(1000)
        if what == 'do=half':
          sys.stdout.write('{"key":"' + request['key'] + '","failed":"no')
          sys.stdout.flush()
          os._exit(0)
        if what == 'do=other': print('{"key":"0","failed":"of somebody else"}')
        answer = {'key': request['key'], 'failed': what + ' ' + str(os.getpid())}
        print(json.dumps(answer), flush=True)
      """, "streaming.py", folder)
  }

  /// The command of a worker that takes `--tasks FILE --answers FILE`.
  static func tasks(in folder: StoreFolder) throws -> [String] {
    try command(
      """
      import json, os, signal, sys, time
      arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
      requests = [json.loads(line) for line in open(arguments['--tasks'])]
      answered, starts = set(), {}
      if os.path.exists(arguments['--answers']):
        for line in open(arguments['--answers']):
          try: entry = json.loads(line)
          except ValueError: continue
          if 'started' in entry: starts[entry['started']] = starts.get(entry['started'], 0) + 1
          else: answered.add(entry['key'])
      answers = open(arguments['--answers'], 'a')
      def write(text):
        answers.write(text)
        answers.flush()
      write('\\n')
      for request in sorted(requests, key=lambda r: starts.get(r['key'], 0)):
        key, what = request['key'], request['overrides'][0]
        if key in answered: continue
        write(json.dumps({'started': key}) + '\\n')
        print('at', what, flush=True)
        if what == 'do=die' or (what == 'do=die-once' and key not in starts):
          write('{"key":"' + key + '","inva')
          os.kill(os.getpid(), signal.SIGKILL)
        if what == 'do=sleep': time.sleep(1000)
        verdict = {'reason': what, 'details': str(starts.get(key, 0))}
        write(json.dumps({'key': key, 'invalid': verdict}) + '\\n')
      """, "tasks.py", folder)
  }

  private static func command(
    _ program: String, _ name: String, _ folder: StoreFolder
  ) throws -> [String] {
    try Data(program.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
    return [python ?? "python3", folder.file(name)]
  }

  /// A design that says what happens to it.
  static func request(_ number: Int, _ what: String) -> EvaluationRequest {
    let overrides = ["do=\(what)", "number=\(number)"]
    return EvaluationRequest(
      key: Sample.digest.key(overrides), model: "cycles", overrides: overrides)
  }
}
