python3 flaky.py 8080 &                     # prints a line for each request, answers 503
sleep 1                                     # it needs a moment to start
curl -s --retry 2 http://127.0.0.1:8080/    # waits one second, then two
kill %1
